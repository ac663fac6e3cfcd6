using MailServers.Queue;
using MailServers.Queue.Schedule;
using MailServers.Queue.SmtpClient;

namespace Fuzz;

/// <summary>What another server may say to our client, and headers that pass through: codes of three digits, a status that fits, addresses that can be used.</summary>
static class ClientReplyTarget
{
    public static readonly string[] Seeds =
    [
        "250-mx.example.com\n250-PIPELINING\n250-SIZE 10240000\n250-AUTH PLAIN LOGIN\n250-AUTH=LOGIN\n250 DSN", "551 5.1.6 <a@b> <c@d>", "550 5.1.1 No such user", "250", "2x0 y", "250?", "999 x", "251 <<a>\n250 SIZE 99999999999999999999", "Received: x\r\nMessage-ID: <y>\r\n\r\n",
    ];

    public static void Run(ReadOnlySpan<byte> input)
    {
        var texts = new List<string>();
        var code = 250;
        foreach (var line in Bytes.Latin1(input).Split('\n'))
        {
            if (ClientReply.ReadLine(line) is not var (number, _, text))
                continue;
            Check.That(number is >= 200 and < 600, "a code that is none");
            (code, _) = (number, 0);
            texts.Add(text);
        }
        if (texts.Count > 0)
        {
            var reply = new ClientReply(code, texts);
            Check.That(EnhancedStatus.IsOne(reply.Status) && reply.Status[0] - '0' == code / 100 || code / 100 == 3, $"the status {reply.Status} with {code}");
            Check.That(Features.From(reply).Size is null or >= 0, "a negative size");
            Check.That(ForwardPaths.Parse(reply.Text).All(p => MailServers.Lmtp.MailPath.IsAddress(p)), "a forward path that is no address");
            _ = ClientReply.WithoutCodes(reply.Text);
        }
        var scan = new HeaderScan((name, value) => Check.That(!(name + value).Contains('\n'), "a header field over several lines"));
        foreach (var piece in Bytes.Pieces(System.Text.Encoding.Latin1.GetBytes(Bytes.Latin1(input).Replace("\r\n", "\n").Replace("\n", "\r\n")), 1 + (input.Length % 5)))
            scan.Add(piece.Span);
        Check.That(scan.Hops <= input.Length / 9, "more hops than fields");
    }
}
