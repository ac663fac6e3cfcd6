using System.Runtime.InteropServices;

namespace Sasl.Credentials.Native;

/// <summary>Return values of Linux-PAM (pam(3)).</summary>
public enum PamStatus
{
    Success = 0,
    OpenError = 1,
    SymbolError = 2,
    ServiceError = 3,
    SystemError = 4,
    BufferError = 5,
    PermissionDenied = 6,
    AuthenticationError = 7,
    CredentialsInsufficient = 8,
    AuthenticationUnavailable = 9,
    UserUnknown = 10,
    MaximumTries = 11,
    NewTokenRequired = 12,
    AccountExpired = 13,
    ConversationError = 19,
    Abort = 26,
    TokenExpired = 27,
}

/// <summary>pam_message.</summary>
[StructLayout(LayoutKind.Sequential)]
unsafe struct PamMessage
{
    public int Style;
    public byte* Text;
}

/// <summary>pam_response. PAM frees the text and the array with free(3).</summary>
[StructLayout(LayoutKind.Sequential)]
unsafe struct PamReply
{
    public byte* Text;
    public int Code;
}

/// <summary>pam_conv.</summary>
[StructLayout(LayoutKind.Sequential)]
unsafe struct PamConversationPointer
{
    public delegate* unmanaged[Cdecl]<int, PamMessage**, PamReply**, void*, int> Function;
    public void* Data;
}

/// <summary>The calls of libpam as they are. The library is opened by the first of them.</summary>
static unsafe partial class Pam
{
    const string Library = "libpam.so.0";

    /// <summary>IOException when the library is not there.</summary>
    public static void Demand() => NeededLibrary.Demand(Library, "libpam0g");

    /// <summary>Styles of messages.</summary>
    public const int PromptEchoOff = 1, PromptEchoOn = 2, ErrorMessage = 3, TextInfo = 4;

    /// <summary>Items.</summary>
    public const int RemoteHost = 4, RemoteUser = 8, UserPrompt = 9, FailDelay = 10;

    public const int Silent = 0x8000;

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int pam_start(string service, string? user, PamConversationPointer* conversation, nint* handle);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int pam_start_confdir(string service, string? user, PamConversationPointer* conversation, string directory, nint* handle);

    [LibraryImport(Library)]
    public static partial int pam_end(nint handle, int status);

    [LibraryImport(Library)]
    public static partial int pam_authenticate(PamTransaction transaction, int flags);

    [LibraryImport(Library)]
    public static partial int pam_acct_mgmt(PamTransaction transaction, int flags);

    [LibraryImport(Library)]
    public static partial int pam_set_item(PamTransaction transaction, int item, void* value);

    [LibraryImport(Library)]
    public static partial int pam_get_item(nint handle, int item, void** value);

    [LibraryImport(Library)]
    public static partial byte* pam_strerror(nint handle, int status);
}
