using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Sasl.Credentials.Native;

/// <summary>
/// A krb5_context: one login's calls of libkrb5, with the configuration as it is at that moment. Blocks while KDCs are asked; for one thread. Tickets
/// are in memory only.
/// </summary>
sealed unsafe class Krb5Context() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    /// <summary>What the last call that failed said.</summary>
    public Krb5Error? Error { get; private set; }

    /// <param name="configuration">Another file than the system's krb5.conf.</param>
    public static (Krb5Context? Context, Krb5Error? Error) Open(string? configuration)
    {
        nint profile = 0, opened = 0;
        var code = configuration is null ? 0 : Krb5.profile_init_path(configuration, &profile);
        if (code == 0)
            code = profile == 0 ? Krb5.krb5_init_context(&opened) : Krb5.krb5_init_context_profile(profile, 0, &opened);
        if (profile != 0)
            Krb5.profile_release(profile);
        if (code != 0)
            return (null, new("krb5_init_context", code, "the Kerberos configuration cannot be read"));
        var context = new Krb5Context();
        context.SetHandle(opened);
        return (context, null);
    }

    public string? DefaultRealm()
    {
        byte* realm = null;
        if (Failed("krb5_get_default_realm", Krb5.krb5_get_default_realm(this, &realm)))
            return null;
        var text = Marshal.PtrToStringUTF8((nint)realm);
        Krb5.krb5_free_default_realm(this, realm);
        return text;
    }

    /// <summary>Null: <see cref="Error"/> says why.</summary>
    public Krb5Principal? Parse(string name)
    {
        nint principal = 0;
        return Failed("krb5_parse_name", Krb5.krb5_parse_name(this, name, &principal)) ? null : new(this, principal);
    }

    /// <summary>The principal of a service on a host ("" for this one), made canonical as krb5.conf says. Its realm may be empty: nobody knows it.</summary>
    public Krb5Principal? OfService(string service, string host)
    {
        nint principal = 0;
        return Failed("krb5_sname_to_principal", Krb5.krb5_sname_to_principal(this, host.Length == 0 ? null : host, service, Krb5.HostService, &principal))
            ? null : new(this, principal);
    }

    /// <summary>Asks the KDC for tickets.</summary>
    /// <param name="password">Without NUL.</param>
    /// <param name="service">Null: for getting others.</param>
    public Krb5Credentials? Authenticate(Krb5Principal client, ReadOnlySpan<byte> password, string? service = null)
    {
        nint options = 0;
        if (Failed("krb5_get_init_creds_opt_alloc", Krb5.krb5_get_init_creds_opt_alloc(this, &options)))
            return null;
        var secret = new Span<byte>(NativeMemory.AllocZeroed((nuint)password.Length + 1), password.Length + 1);
        var credentials = new Krb5Credentials(this);
        try
        {
            password.CopyTo(secret);
            fixed (byte* p = secret)
            {
                if (!Failed("krb5_get_init_creds_password", Krb5.krb5_get_init_creds_password(this, credentials.Pointer, client.Pointer, p, 0, 0, 0, service, options)))
                    return credentials;
            }
            credentials.Dispose();
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
            fixed (byte* p = secret)
                NativeMemory.Free(p);
            Krb5.krb5_get_init_creds_opt_free(this, options);
        }
    }

    /// <summary>
    /// Whether the KDC that gave the tickets is the one that knows our key. Anybody on the network can answer in a KDC's place and find any
    /// password right; only the real one can make a ticket for us. Without the key this fails, always.
    /// </summary>
    public bool Verify(Krb5Credentials credentials, Krb5Principal server, string keytab)
    {
        nint keys = 0;
        if (Failed("krb5_kt_resolve", Krb5.krb5_kt_resolve(this, keytab, &keys)))
            return false;
        var options = stackalloc byte[Krb5.VerifyOptionsSize];
        Krb5.krb5_verify_init_creds_opt_init(options);
        Krb5.krb5_verify_init_creds_opt_set_ap_req_nofail(options, 1);
        var failed = Failed("krb5_verify_init_creds", Krb5.krb5_verify_init_creds(this, credentials.Pointer, server.Pointer, keys, null, options));
        _ = Krb5.krb5_kt_close(this, keys);
        return !failed;
    }

    protected override bool ReleaseHandle()
    {
        Krb5.krb5_free_context(handle);
        return true;
    }

    bool Failed(string call, int code)
    {
        if (code == 0)
            return false;
        var text = Krb5.krb5_get_error_message(this, code);
        Error = new(call, code, Marshal.PtrToStringUTF8((nint)text) ?? "");
        Krb5.krb5_free_error_message(this, text);
        return true;
    }
}

/// <summary>A krb5_principal.</summary>
sealed unsafe class Krb5Principal(Krb5Context context, nint principal) : IDisposable
{
    public nint Pointer { get; private set; } = principal;

    /// <summary>As people write it, with the realm and what has to be escaped.</summary>
    public override string ToString()
    {
        byte* name = null;
        if (Krb5.krb5_unparse_name(context, Pointer, &name) != 0)
            return "";
        var text = Marshal.PtrToStringUTF8((nint)name) ?? "";
        Krb5.krb5_free_unparsed_name(context, name);
        return text;
    }

    public void Dispose()
    {
        if (Pointer != 0)
            Krb5.krb5_free_principal(context, Pointer);
        Pointer = 0;
    }
}

/// <summary>krb5_creds: tickets with their session keys, which the library wipes.</summary>
sealed unsafe class Krb5Credentials(Krb5Context context) : IDisposable
{
    public void* Pointer { get; private set; } = NativeMemory.AllocZeroed(Krb5.CredentialsSize);

    public void Dispose()
    {
        if (Pointer is null)
            return;
        Krb5.krb5_free_cred_contents(context, Pointer);
        NativeMemory.Free(Pointer);
        Pointer = null;
    }
}
