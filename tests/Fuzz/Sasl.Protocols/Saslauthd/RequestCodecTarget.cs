using Sasl.Protocols.Saslauthd;

namespace Fuzz;

/// <summary>saslauthd requests: a decision never changes when more arrives, no field holds NUL or is too long, and what was read writes the same bytes.</summary>
static class RequestCodecTarget
{
    public static readonly string[] Seeds =
    [
        "\0\u0005alice\0\u0006secret\0\u0004imap\0\0", "\0\u0005alice\0\u0006secret\0\u0004imap\0\u0003org\0\u000b127.0.0.1;9", "\u0001\u0001", "\0\0\0\0\0\0\0\0", "\0\u0002u\0\0\u0002p\0\0\0\0\0", "\u00ff\u00ff",
    ];

    public static void Run(ReadOnlySpan<byte> input)
    {
        var (choice, bytes) = Bytes.Choose(input);
        var parsed = RequestCodec.Parse(bytes);
        var early = RequestCodec.Parse(bytes.AsMemory(0, bytes.Length * choice / 256));
        Check.That(early.Status == RequestStatus.Incomplete || early.Status == parsed.Status, $"more bytes turn {early.Status} into {parsed.Status}");
        Check.That(parsed.Status != RequestStatus.Refused || parsed.Reply.StartsWith("NO"), "a refusal that does not say NO");
        if (parsed.Request is not { } request)
            return;
        Check.That(request.Login.Length > 0 && request.Password.Length is > 0 and <= RequestCodec.LongestPassword, "a request without login or password");
        Check.That(!(request.Login + request.Service + request.Realm).Contains('\0') && !request.Password.Span.Contains((byte)0), "a NUL passed");
        var again = RequestCodec.Encode(request)!;
        Check.Same(again, bytes.AsSpan(0, again.Length), "the request written again");
        _ = request.RemoteIp;
    }
}
