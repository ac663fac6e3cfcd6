using System.Text;
using Sasl.Protocols.DovecotAuth;

namespace Fuzz;

/// <summary>Lines of auth clients: a command or "broken", nothing else; an AUTH that our own client writes is read as it was meant.</summary>
static class ClientCommandTarget
{
    public static readonly string[] Seeds =
    [
        "VERSION\t1\t2", "CPID\t4711", "AUTH\t1\tPLAIN\tservice=imap\tsecured\trip=1.2.3.4\tresp=AGFsaWNlAHNlY3JldA==", "CONT\t1\tcG9uZw==", "CONT\t1\t#\tchannel_binding=AAAA", "CONT\t1\tAAAA\tx\tchannel_binding=?", "CANCEL\t1", "AUTH\t0\tPLAIN\tservice=x", "AUTH\t1\tX\tservice=a\tresp=", "AUTH\t1\tX\tservice=a\tresp==",
        "AUTH\t4294967296\tX\tservice=a", "CONT\t1\tx", "AUTH\t1\tX\tprotocol=a\tsession=\x01t\tresp=x\ty",
    ];

    public static void Run(ReadOnlySpan<byte> input)
    {
        for (var minor = 0; minor <= AuthVersion.Minor; minor++)
        {
            var command = ClientCommandParser.Parse(input, minor);
            if (command is ClientCommand.Continue more)
                Check.That(minor >= AuthVersion.ChannelBindings || (!more.Data.IsOutOfBand && more.Binding == ClientData.None), "a binding of a client that knows none");
            if (command is not ClientCommand.Auth auth)
                continue;
            Check.That(auth.Id > 0 && auth.Mechanism.Length > 0 && auth.Service.Length > 0, "an AUTH that lacks something");
            Check.That(!auth.Initial.IsInvalid || auth.Initial.Bytes is null, "invalid data that is there");
            var parameters = new AuthParameters(auth.Service)
            {
                Session = auth["session"], NoLogin = auth.Has("nologin"), InitialResponse = auth.Initial.Bytes is { } data ? Encoding.ASCII.GetBytes(Convert.ToBase64String(data)) : null,
            };
            var line = parameters.ToLine(auth.Id, auth.Mechanism, minor).AsSpan();
            Check.Same(line.Length - 1, line.IndexOf((byte)'\n'), "where the written line ends");
            var again = ClientCommandParser.Parse(line[..^1], minor) as ClientCommand.Auth;
            Check.Same((auth.Id, auth.Mechanism, auth.Service, auth["session"]), (again?.Id ?? 0, again?.Mechanism ?? "", again?.Service ?? "", again?["session"]), "an AUTH written again");
            Check.Same(auth.Initial.Bytes, again!.Initial.Bytes, "the initial response");
        }
    }
}
