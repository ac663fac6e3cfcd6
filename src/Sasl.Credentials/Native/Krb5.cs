using System.Runtime.InteropServices;

namespace Sasl.Credentials.Native;

/// <summary>The calls of MIT's Kerberos library as they are. It is opened by the first of them.</summary>
static unsafe partial class Krb5
{
    const string Library = "libkrb5.so.3";

    /// <summary>IOException when the library is not there.</summary>
    public static void Demand() => NeededLibrary.Demand(Library, "libkrb5-3");

    /// <summary>KRB5_NT_SRV_HST.</summary>
    public const int HostService = 3;

    /// <summary>More than krb5_creds and the options of verification take on any machine.</summary>
    public const int CredentialsSize = 512, VerifyOptionsSize = 64;

    [LibraryImport(Library)]
    public static partial int krb5_init_context(nint* context);

    [LibraryImport(Library)]
    public static partial int krb5_init_context_profile(nint profile, int flags, nint* context);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int profile_init_path(string path, nint* profile);

    [LibraryImport(Library)]
    public static partial void profile_release(nint profile);

    [LibraryImport(Library)]
    public static partial void krb5_free_context(nint context);

    [LibraryImport(Library)]
    public static partial byte* krb5_get_error_message(Krb5Context context, int code);

    [LibraryImport(Library)]
    public static partial void krb5_free_error_message(Krb5Context context, byte* text);

    [LibraryImport(Library)]
    public static partial int krb5_get_default_realm(Krb5Context context, byte** realm);

    [LibraryImport(Library)]
    public static partial void krb5_free_default_realm(Krb5Context context, byte* realm);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int krb5_parse_name(Krb5Context context, string name, nint* principal);

    [LibraryImport(Library)]
    public static partial int krb5_unparse_name(Krb5Context context, nint principal, byte** name);

    [LibraryImport(Library)]
    public static partial void krb5_free_unparsed_name(Krb5Context context, byte* name);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int krb5_sname_to_principal(Krb5Context context, string? host, string service, int type, nint* principal);

    [LibraryImport(Library)]
    public static partial void krb5_free_principal(Krb5Context context, nint principal);

    [LibraryImport(Library)]
    public static partial int krb5_get_init_creds_opt_alloc(Krb5Context context, nint* options);

    [LibraryImport(Library)]
    public static partial void krb5_get_init_creds_opt_free(Krb5Context context, nint options);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int krb5_get_init_creds_password(Krb5Context context, void* credentials, nint client, byte* password, nint prompter, nint data, int start,
        string? service, nint options);

    [LibraryImport(Library)]
    public static partial void krb5_verify_init_creds_opt_init(void* options);

    [LibraryImport(Library)]
    public static partial void krb5_verify_init_creds_opt_set_ap_req_nofail(void* options, int isOn);

    [LibraryImport(Library)]
    public static partial int krb5_verify_init_creds(Krb5Context context, void* credentials, nint server, nint keytab, nint* cache, void* options);

    [LibraryImport(Library)]
    public static partial void krb5_free_cred_contents(Krb5Context context, void* credentials);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int krb5_kt_resolve(Krb5Context context, string name, nint* keytab);

    [LibraryImport(Library)]
    public static partial int krb5_kt_close(Krb5Context context, nint keytab);
}
