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
            MasterCommand.Version v => TabLine.Join("VERSION", $"{v.Major}", $"{v.Minor}"),
            MasterCommand.Query q => TabLine.Join([q.Verb, $"{q.Id}", .. q.Fields]),
            _ => null,
        };
        if (line is null)
            return;
        var again = MasterCommand.Parse(line);
        if (command is MasterCommand.Query asked && again is MasterCommand.Query read)
            Check.That((asked.Verb, asked.Id) == (read.Verb, read.Id) && asked.Fields.AsSpan().SequenceEqual(read.Fields), "a question written again");
        else
            Check.Same(command, again, "a command written again");
    }
}
