namespace Sasl.Mechanisms.Gssapi;

/// <summary>A mechanism of GSSAPI, which is something else than one of SASL.</summary>
sealed unsafe class GssMechanism
{
    GssMechanism(GssOid* oid, bool isNegotiated)
    {
        Oid = oid;
        IsNegotiated = isNegotiated;
    }

    /// <summary>Kerberos 5 (RFC 4121).</summary>
    public static GssMechanism Kerberos { get; } = new(GssOids.Kerberos, isNegotiated: false);

    /// <summary>SPNEGO (RFC 4178), which finds out that both sides can do Kerberos.</summary>
    public static GssMechanism Spnego { get; } = new(GssOids.Spnego, isNegotiated: true);

    public GssOid* Oid { get; }

    /// <summary>A wrapping around Kerberos.</summary>
    public bool IsNegotiated { get; }

    public GssOidSet AsSet => new() { Count = 1, Elements = Oid };
}
