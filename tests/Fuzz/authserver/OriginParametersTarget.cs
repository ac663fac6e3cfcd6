using System.Net;
using AuthServer.Logins;
using Sasl.Protocols;

namespace Fuzz;

/// <summary>The parameters of AUTH: whatever is told of addresses and ports, what is used is some.</summary>
static class OriginParametersTarget
{
    public static readonly string[] Seeds = ["rip=1.2.3.4\tlip=::1\tlport=25\trport=x\tsession=a\tsession=b", "rip=\treal_rip=nonsense\tsecured\tsecured=tls", "forward_fields=a=b\x01tc=d", "=\t\t=x"];

    public static void Run(ReadOnlySpan<byte> input)
    {
        var usable = OriginParameters.Usable(TabLine.Split(Bytes.Utf8(input)));
        var origin = new LoginOrigin("imap", null, null) { Parameters = usable };
        Check.That(origin["rip"] is not { } remote || IPAddress.TryParse(remote, out _), "an address that is none");
        Check.That(origin["lport"] is not { } port || ushort.TryParse(port, out _), "a port that is none");
        foreach (var (name, _) in origin.Forwarded)
            Check.That(name.StartsWith("forward_", StringComparison.Ordinal), "a forwarded field of another name");
    }
}
