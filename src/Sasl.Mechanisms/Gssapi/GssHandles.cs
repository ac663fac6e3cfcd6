using System.Runtime.InteropServices;

namespace Sasl.Mechanisms.Gssapi;

/// <summary>gss_name_t. The default value stands for GSS_C_NO_NAME.</summary>
sealed unsafe class GssNameHandle(nint name = 0) : SafeHandle(name, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        uint minor;
        var own = handle;
        return Gss.gss_release_name(&minor, &own) == 0;
    }
}

/// <summary>gss_cred_id_t. The default value stands for GSS_C_NO_CREDENTIAL: whatever the system's default is.</summary>
sealed unsafe class GssCredentialHandle(nint credential = 0) : SafeHandle(credential, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        uint minor;
        var own = handle;
        return Gss.gss_release_cred(&minor, &own) == 0;
    }
}

/// <summary>gss_ctx_id_t. A step of the negotiation makes it, and may end it: <see cref="Replace"/>.</summary>
sealed unsafe class GssContextHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    /// <summary>What the library made of the context in a call that took it by reference.</summary>
    public void Replace(nint context) => SetHandle(context);

    protected override bool ReleaseHandle()
    {
        uint minor;
        var own = handle;
        return Gss.gss_delete_sec_context(&minor, &own, null) == 0;
    }
}
