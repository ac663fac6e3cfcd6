using System.Runtime.InteropServices;

namespace Sasl.Mechanisms.Gssapi;

/// <summary>Object identifiers in native memory, for as long as the process lives.</summary>
static unsafe class GssOids
{
    /// <summary>1.2.840.113554.1.2.2, Kerberos 5 (RFC 4121).</summary>
    public static readonly GssOid* Kerberos = Make([0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 0x01, 0x02, 0x02]);

    /// <summary>1.3.6.1.5.5.2, SPNEGO (RFC 4178).</summary>
    public static readonly GssOid* Spnego = Make([0x2b, 0x06, 0x01, 0x05, 0x05, 0x02]);

    /// <summary>GSS_C_NT_HOSTBASED_SERVICE (RFC 2743 §4.1): "service@host".</summary>
    public static readonly GssOid* HostBasedService = Make([0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 0x01, 0x02, 0x01, 0x04]);

    /// <summary>GSS_C_NT_USER_NAME (RFC 2743 §4.2): "alice", or "alice@REALM".</summary>
    public static readonly GssOid* UserName = Make([0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 0x01, 0x02, 0x01, 0x01]);

    /// <summary>GSS_C_SEC_CONTEXT_SASL_SSF: MIT's answer to the strength of a context, four bytes, the most significant first.</summary>
    public static readonly GssOid* Ssf = Make([0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 0x01, 0x02, 0x02, 0x05, 0x0f]);

    /// <summary>GSS_KRB5_CRED_NO_CI_FLAGS_X: ask for integrity and confidentiality only where the caller does. Otherwise MIT's library always asks for both.</summary>
    public static readonly GssOid* OnlyWantedFlags = Make([0x2a, 0x85, 0x70, 0x2b, 0x0d, 0x1d]);

    static GssOid* Make(ReadOnlySpan<byte> encoded)
    {
        var oid = (GssOid*)NativeMemory.Alloc((nuint)(sizeof(GssOid) + encoded.Length));
        *oid = new GssOid { Length = (uint)encoded.Length, Elements = (byte*)(oid + 1) };
        encoded.CopyTo(new Span<byte>(oid->Elements, encoded.Length));
        return oid;
    }
}
