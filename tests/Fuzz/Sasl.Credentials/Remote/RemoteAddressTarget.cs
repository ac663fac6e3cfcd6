using Sasl.Credentials.Remote;

namespace Fuzz;

/// <summary>What an administrator may write behind -O: a host without anything that would be more than a host, a port, or what is wrong with it.</summary>
static class RemoteAddressTarget
{
    public static readonly string[] Seeds =
    [
        "mail.example/imap", "[::1]/143", "::1/65536", "imap://h:143?starttls=required", "imaps://[::1]:993/", "imap://h:143/INBOX?x", "imap://a@b", "/", "[]/1", "imap://]:1",
    ];

    public static void Run(ReadOnlySpan<byte> input)
    {
        var text = Bytes.Utf8(input);
        if (RemoteAddress.TryParse(text, out var address, out var problem))
            Check.That(address.Port is null or (> 0 and <= 65535) && IsHost(address.Host), "a host that is none");
        else
            Check.IsOneLine(problem, "the problem");
        if (RemoteUrl.TryParse("imap", text, out var url, out problem))
            Check.That(url.Port is > 0 and <= 65535 && IsHost(url.Host), "a host that is none");
        else
            Check.IsOneLine(problem, "the problem");
    }

    static bool IsHost(string host) => host.Length > 0 && host.All(c => c is > ' ' and <= '~' and not '/' and not '@' and not '?' and not '%');
}
