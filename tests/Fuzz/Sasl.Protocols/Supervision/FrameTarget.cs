using Sasl.Protocols;
using Sasl.Protocols.Supervision;

namespace Fuzz;

/// <summary>
/// Frames that a front end, perhaps taken over, sends to the root supervisor: a hand-off or none, never an exception; and what a hand-off
/// becomes for the worker arrives there as it was sent.
/// </summary>
static class FrameTarget
{
    public static readonly string[] Seeds =
    [
        "HANDOFF\t1\tprotocol=imap\tauth-pid=5\trequest=7\tcookie=0123\tsession=s\ttag=a1\tremote=1.2.3.4\tleftover=YQ==", "HANDOFF\t1\tprotocol=imap\tauth-pid=x\trequest=7\tcookie=\tleftover=", "ATTACH\tprotocol=lmtp\tleftover=YQ==", "ATTACH\tleftover=*",
        "imap\t--supervisor=/run/x\t--log=syslog\t--identity=5:6:7,8", "imap\t--supervisor=x\t--identity=5:6:x",
    ];

    public static void Run(ReadOnlySpan<byte> input)
    {
        var fields = TabLine.Split(Bytes.Utf8(input));
        if (HandOffRequest.TryParse(fields) is { } request)
        {
            var again = HandOffRequest.TryParse(TabLine.Split(TabLine.Join(request.ToFields("1"))))!;
            Check.Same(request with { Leftover = [] }, again with { Leftover = [] }, "a hand-off sent and received");
            Check.Same(request.Leftover, again.Leftover, "the bytes left over");
            var attachment = new Attachment(request.Protocol, request.Session, request.Tag, "alice", "/home/alice", "maildir:~/Maildir", request.Remote, request.Leftover);
            var attached = Attachment.Parse(TabLine.Split(TabLine.Join(attachment.ToFields())));
            Check.Same(attachment with { Leftover = [] }, attached with { Leftover = [] }, "an attachment sent and received");
        }
        if (ChildArguments.TryParse(fields) is { } child)
            Check.Same(child with { Groups = [] }, ChildArguments.TryParse(child.ToArguments().ToArray())! with { Groups = [] }, "arguments written and read");
    }
}
