using System.Text;

namespace Sasl.Mechanisms.Gssapi;

/// <summary>Keys to accept with, or tickets to initiate with. Nothing of it comes from this process's environment unless the caller leaves it out.</summary>
sealed class GssCredential(GssCredentialHandle handle) : IDisposable
{
    public GssCredentialHandle Handle => handle;

    /// <param name="mechanism">Kerberos itself, or SPNEGO with Kerberos in it.</param>
    /// <param name="keytab">"/path" or "FILE:/path"; null: the system's.</param>
    /// <param name="name">Only the key of this service; <see cref="GssName.None"/>: any key of the keytab.</param>
    /// <param name="error">Why there is none.</param>
    public static unsafe GssCredential? OfKeytab(GssMechanism mechanism, string? keytab, GssName name, out GssError? error) =>
        FromStore(mechanism, Gss.Accept, "keytab", keytab, name, out error);

    /// <param name="mechanism">Kerberos itself, or SPNEGO with Kerberos in it.</param>
    /// <param name="cache">"FILE:/path" or another name of a credential cache; null: the system's.</param>
    /// <param name="name">Whose tickets they must be; <see cref="GssName.None"/>: whosoever.</param>
    /// <param name="error">Why there is none.</param>
    public static unsafe GssCredential? OfTicketCache(GssMechanism mechanism, string? cache, GssName name, out GssError? error) =>
        FromStore(mechanism, Gss.Initiate, "ccache", cache, name, out error);

    /// <summary>New tickets for a password, which are kept in memory only. Asks the KDC: now or at the first step.</summary>
    public static unsafe GssCredential? OfPassword(GssMechanism mechanism, GssName name, ReadOnlySpan<byte> password, out GssError? error)
    {
        var wanted = mechanism.AsSet;
        uint minor;
        nint credential;
        fixed (byte* secret = password)
        {
            var buffer = new GssBuffer { Length = (nuint)password.Length, Value = secret };
            var major = Gss.gss_acquire_cred_with_password(&minor, name.Handle, &buffer, uint.MaxValue, &wanted, Gss.Initiate, &credential, null, null);
            return Check(mechanism, Gss.Initiate, major, minor, credential, out error);
        }
    }

    public void Dispose() => handle.Dispose();

    static unsafe GssCredential? FromStore(GssMechanism mechanism, int usage, string key, string? place, GssName name, out GssError? error)
    {
        var wanted = mechanism.AsSet;
        uint minor;
        nint credential;
        fixed (byte* k = Encoding.UTF8.GetBytes(key + '\0'), v = Encoding.UTF8.GetBytes(place + '\0'))
        {
            var pair = new GssKeyValue { Key = k, Value = v };
            var store = new GssKeyValues { Count = 1, Elements = &pair };
            var major = Gss.gss_acquire_cred_from(&minor, name.Handle, uint.MaxValue, &wanted, usage, place is null ? null : &store, &credential, null, null);
            return Check(mechanism, usage, major, minor, credential, out error);
        }
    }

    static unsafe GssCredential? Check(GssMechanism mechanism, int usage, uint major, uint minor, nint credential, out GssError? error)
    {
        error = GssError.IsError(major) ? GssError.Read(major, minor, GssOids.Kerberos) : null;
        if (error is not null)
            return null;
        if (mechanism.IsNegotiated)
            error = Negotiate(usage, &credential);
        var acquired = new GssCredential(new GssCredentialHandle(credential));
        if (error is null)
            return acquired;
        acquired.Dispose();
        return null;
    }

    static unsafe GssError? Negotiate(int usage, nint* credential)
    {
        uint minor;
        // SPNEGO would offer, and take, whatever else is installed on the machine (NTLM, IAKERB): Kerberos only.
        var kerberos = GssMechanism.Kerberos.AsSet;
        var major = Gss.gss_set_neg_mechs(&minor, *credential, &kerberos);
        // The server goes by the flags that are sent.
        if (!GssError.IsError(major) && usage == Gss.Initiate)
        {
            GssBuffer nothing = default;
            major = Gss.gss_set_cred_option(&minor, credential, GssOids.OnlyWantedFlags, &nothing);
        }
        return GssError.IsError(major) ? GssError.Read(major, minor, GssOids.Spnego) : null;
    }
}
