using Sasl.Protocols;
using Sasl.Protocols.DovecotAuth;

namespace Fuzz;

/// <summary>Lines of a master socket: a command or "broken"; what is read can be written and read again.</summary>
static class MasterCommandTarget
{
    public static readonly string[] Seeds =
    [
        "VERSION\t1\t2", "REQUEST\t1\t4711\t3\t0123456789abcdef", "USER\t2\talice\tservice=lmtp", "PASS\t2\tali\x01tce\tprotocol=imap\tx", "LIST\t3\tuser=a", "CACHE-FLUSH\t4", "CPID\t1", "REQUEST\t0\t1\t1\tx", "USER\t1\tx", "REQUEST\t1\t-5\t1\tx",
    ];

    public static void Run(ReadOnlySpan<byte> input)
    {
        var command = MasterCommand.Parse(Bytes.Utf8(input));
        var line = command switch
        {
            MasterCommand.Version v => TabLine.Join("VERSION", $"{v.Major}", "0"),
            MasterCommand.Request r => TabLine.Join("REQUEST", $"{r.Id}", $"{r.ClientPid}", $"{r.ClientId}", r.Cookie),
            MasterCommand.Lookup { Verb: "LIST" } l => TabLine.Join("LIST", $"{l.Id}", $"user={l.User}"),
            MasterCommand.Lookup l => TabLine.Join(l.Verb, $"{l.Id}", l.User, $"service={l.Service}"),
            MasterCommand.Flush f => TabLine.Join("CACHE-FLUSH", $"{f.Id}"),
            _ => null,
        };
        if (line is not null)
            Check.Same(command, MasterCommand.Parse(line), "a command written again");
    }
}
