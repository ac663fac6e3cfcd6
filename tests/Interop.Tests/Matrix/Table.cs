using Interop.Tests.Cases;
using Interop.Tests.Peers;
using Sasl.Mechanisms;

namespace Interop.Tests.Matrix;

/// <summary>Every mechanism of the library with every peer. A new peer or a new source of cases is one line here.</summary>
static class Table
{
    public static readonly Peer[] Peers =
    [
        GsaslClient.Instance,
        GsaslServer.Instance,
        CyrusClient.Instance,
        CyrusServer.Instance,
        MailKitClient.Instance,
        DovecotServer.Instance,
        PostfixServer.Instance,
        PostgresServer.Instance,
        LdapServer.Instance,
    ];

    static readonly CaseSource[] _sources =
    [
        PasswordCases.Of,
        NoPasswordCases.Of,
        BindingCases.Of,
        BearerCases.Of,
        DigestCases.Of,
        DigestLayerCases.Of,
        OtpCases.Of,
        TlsCases.Of,
        KerberosCases.Of,
    ];

    public static readonly IReadOnlyList<Cell> Cells =
    [
        .. from mechanism in SaslMechanisms.All
           from peer in Peers
           select new Cell(mechanism, peer, [.. _sources.SelectMany(source => source(mechanism, peer))]),
    ];
}
