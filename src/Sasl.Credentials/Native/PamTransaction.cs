using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Sasl.Credentials.Native;

/// <summary>One pam_handle_t, from pam_start to pam_end. Blocks for as long as the modules like; for one thread.</summary>
sealed unsafe class PamTransaction : SafeHandle
{
    readonly GCHandle _conversation;
    PamConversationPointer* _pointer;
    PamStatus _last;

    PamTransaction(PamConversation? conversation) : base(0, ownsHandle: true)
    {
        // PAM copies the structure, but not what it points to.
        _pointer = (PamConversationPointer*)NativeMemory.AllocZeroed((nuint)sizeof(PamConversationPointer));
        _pointer->Function = &PamConversation.Answer;
        if (conversation is not null)
        {
            _conversation = GCHandle.Alloc(conversation);
            _pointer->Data = (void*)GCHandle.ToIntPtr(_conversation);
        }
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>Reads the service's file and loads its modules.</summary>
    /// <param name="user">Null with <paramref name="conversation"/> for a transaction that shall only hold the modules: nobody is asked about.</param>
    /// <param name="directory">Another place than /etc/pam.d.</param>
    public static (PamTransaction? Transaction, PamStatus Status) Start(string service, string? user, PamConversation? conversation, string? directory)
    {
        var transaction = new PamTransaction(conversation);
        nint started = 0;
        var status = directory is null ? Pam.pam_start(service, user, transaction._pointer, &started)
            : Pam.pam_start_confdir(service, user, transaction._pointer, directory, &started);
        transaction.SetHandle(started);
        if (conversation is not null)
            conversation.Handle = started;
        if (status == 0 && started != 0)
            return (transaction, PamStatus.Success);
        transaction.Dispose();
        return (null, status == 0 ? PamStatus.SystemError : (PamStatus)status);
    }

    /// <summary>Who asks, for modules and their logs: PAM_RHOST and PAM_RUSER.</summary>
    public PamStatus SetText(int item, string text)
    {
        fixed (byte* p = Encoding.UTF8.GetBytes(text + '\0'))
            return Keep(Pam.pam_set_item(this, item, p));
    }

    /// <summary>Modules that ask for a delay after a failure get none.</summary>
    public PamStatus ForbidDelays()
    {
        delegate* unmanaged[Cdecl]<int, uint, void*, void> none = &NoDelay;
        return Keep(Pam.pam_set_item(this, Pam.FailDelay, none));
    }

    public PamStatus Authenticate() => Keep(Pam.pam_authenticate(this, Pam.Silent));

    public PamStatus CheckAccount() => Keep(Pam.pam_acct_mgmt(this, Pam.Silent));

    /// <summary>PAM's own words.</summary>
    public string Describe(PamStatus status) => Marshal.PtrToStringUTF8((nint)Pam.pam_strerror(handle, (int)status)) ?? $"status {(int)status}";

    protected override bool ReleaseHandle() => Pam.pam_end(handle, (int)_last) == 0;

    protected override void Dispose(bool disposing)
    {
        // pam_end first: modules may still have something to say.
        base.Dispose(disposing);
        if (_pointer is null)
            return;
        NativeMemory.Free(_pointer);
        _pointer = null;
        if (_conversation.IsAllocated)
            _conversation.Free();
    }

    PamStatus Keep(int status) => _last = (PamStatus)status;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static void NoDelay(int status, uint microseconds, void* data)
    {
    }
}
