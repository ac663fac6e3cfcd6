using System.Text;

namespace Sasl.Mechanisms.Gssapi;

/// <summary>A principal.</summary>
sealed class GssName(GssNameHandle handle) : IDisposable
{
    /// <summary>Stands for "no name in particular".</summary>
    public static GssName None => new(new GssNameHandle());

    public GssNameHandle Handle => handle;

    /// <summary>"imap@host.example" (RFC 2743 §4.1).</summary>
    public static unsafe GssName? OfService(string serviceAtHost, out GssError? error) => Import(serviceAtHost, GssOids.HostBasedService, out error);

    /// <summary>"alice", or "alice@REALM" for one of another realm.</summary>
    public static unsafe GssName? OfUser(string user, out GssError? error) => Import(user, GssOids.UserName, out error);

    /// <summary>The whole principal, "alice@REALM"; a separator within a part stands behind a backslash.</summary>
    public unsafe string? Display(out GssError? error)
    {
        uint minor;
        GssBuffer text;
        var major = Gss.gss_display_name(&minor, handle, &text, null);
        error = GssError.IsError(major) ? GssError.Read(major, minor, GssOids.Kerberos) : null;
        return error is null ? Encoding.UTF8.GetString(Gss.Take(&text)) : null;
    }

    /// <summary>What krb5.conf makes of the principal on this machine: the bare name in the default realm, or as auth_to_local says. Null: nothing.</summary>
    public unsafe string? Local()
    {
        uint minor;
        GssBuffer text;
        return GssError.IsError(Gss.gss_localname(&minor, handle, GssOids.Kerberos, &text)) ? null : Encoding.UTF8.GetString(Gss.Take(&text));
    }

    public void Dispose() => handle.Dispose();

    static unsafe GssName? Import(string text, GssOid* type, out GssError? error)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        fixed (byte* value = bytes)
        {
            var buffer = new GssBuffer { Length = (nuint)bytes.Length, Value = value };
            uint minor;
            nint name;
            var major = Gss.gss_import_name(&minor, &buffer, type, &name);
            error = GssError.IsError(major) ? GssError.Read(major, minor, GssOids.Kerberos) : null;
            return error is null ? new(new GssNameHandle(name)) : null;
        }
    }
}
