using System.Runtime.InteropServices;

namespace Sasl.Mechanisms.Gssapi;

/// <summary>gss_buffer_desc: bytes that are not owned.</summary>
[StructLayout(LayoutKind.Sequential)]
unsafe struct GssBuffer
{
    public nuint Length;
    public byte* Value;

    public readonly ReadOnlySpan<byte> Span => new(Value, checked((int)Length));
}

/// <summary>gss_OID_desc.</summary>
[StructLayout(LayoutKind.Sequential)]
unsafe struct GssOid
{
    public uint Length;
    public byte* Elements;
}

/// <summary>gss_OID_set_desc.</summary>
[StructLayout(LayoutKind.Sequential)]
unsafe struct GssOidSet
{
    public nuint Count;
    public GssOid* Elements;
}

/// <summary>gss_buffer_set_desc.</summary>
[StructLayout(LayoutKind.Sequential)]
unsafe struct GssBufferSet
{
    public nuint Count;
    public GssBuffer* Elements;
}

/// <summary>gss_channel_bindings_struct.</summary>
[StructLayout(LayoutKind.Sequential)]
struct GssChannelBindings
{
    public uint InitiatorAddressType;
    public GssBuffer InitiatorAddress;
    public uint AcceptorAddressType;
    public GssBuffer AcceptorAddress;
    public GssBuffer ApplicationData;
}

/// <summary>gss_key_value_element_desc: two strings that end with NUL.</summary>
[StructLayout(LayoutKind.Sequential)]
unsafe struct GssKeyValue
{
    public byte* Key, Value;
}

/// <summary>gss_key_value_set_desc.</summary>
[StructLayout(LayoutKind.Sequential)]
unsafe struct GssKeyValues
{
    public uint Count;
    public GssKeyValue* Elements;
}

/// <summary>
/// The calls of MIT's GSSAPI library (RFC 2744 and its extensions), as they are. Nothing here is called before <see cref="GssLibrary"/> has
/// found the library.
/// </summary>
static unsafe partial class Gss
{
    public const string Library = "libgssapi_krb5.so.2";

    public const int Initiate = 1, Accept = 2;

    [LibraryImport(Library)]
    public static partial uint gss_import_name(uint* minor, GssBuffer* text, GssOid* type, nint* name);

    [LibraryImport(Library)]
    public static partial uint gss_display_name(uint* minor, GssNameHandle name, GssBuffer* text, GssOid** type);

    [LibraryImport(Library)]
    public static partial uint gss_localname(uint* minor, GssNameHandle name, GssOid* mechanism, GssBuffer* text);

    [LibraryImport(Library)]
    public static partial uint gss_release_name(uint* minor, nint* name);

    [LibraryImport(Library)]
    public static partial uint gss_acquire_cred_from(uint* minor, GssNameHandle name, uint lifetime, GssOidSet* mechanisms, int usage, GssKeyValues* store,
        nint* credential, GssOidSet** actual, uint* actualLifetime);

    [LibraryImport(Library)]
    public static partial uint gss_acquire_cred_with_password(uint* minor, GssNameHandle name, GssBuffer* password, uint lifetime, GssOidSet* mechanisms, int usage,
        nint* credential, GssOidSet** actual, uint* actualLifetime);

    [LibraryImport(Library)]
    public static partial uint gss_set_neg_mechs(uint* minor, nint credential, GssOidSet* mechanisms);

    [LibraryImport(Library)]
    public static partial uint gss_set_cred_option(uint* minor, nint* credential, GssOid* option, GssBuffer* value);

    [LibraryImport(Library)]
    public static partial uint gss_release_cred(uint* minor, nint* credential);

    [LibraryImport(Library)]
    public static partial uint gss_init_sec_context(uint* minor, GssCredentialHandle credential, nint* context, GssNameHandle target, GssOid* mechanism, uint flags,
        uint lifetime, GssChannelBindings* bindings, GssBuffer* input, GssOid** actual, GssBuffer* output, uint* actualFlags, uint* actualLifetime);

    [LibraryImport(Library)]
    public static partial uint gss_accept_sec_context(uint* minor, nint* context, GssCredentialHandle credential, GssBuffer* input, GssChannelBindings* bindings,
        nint* source, GssOid** mechanism, GssBuffer* output, uint* flags, uint* lifetime, nint* delegated);

    [LibraryImport(Library)]
    public static partial uint gss_inquire_context(uint* minor, GssContextHandle context, nint* source, nint* target, uint* lifetime, GssOid** mechanism,
        uint* flags, int* isLocal, int* isOpen);

    [LibraryImport(Library)]
    public static partial uint gss_inquire_sec_context_by_oid(uint* minor, GssContextHandle context, GssOid* what, GssBufferSet** answer);

    [LibraryImport(Library)]
    public static partial uint gss_wrap(uint* minor, GssContextHandle context, int isConfidential, uint quality, GssBuffer* input, int* wasConfidential, GssBuffer* output);

    [LibraryImport(Library)]
    public static partial uint gss_unwrap(uint* minor, GssContextHandle context, GssBuffer* input, GssBuffer* output, int* wasConfidential, uint* quality);

    [LibraryImport(Library)]
    public static partial uint gss_wrap_size_limit(uint* minor, GssContextHandle context, int isConfidential, uint quality, uint longestOutput, uint* longestInput);

    [LibraryImport(Library)]
    public static partial uint gss_delete_sec_context(uint* minor, nint* context, GssBuffer* token);

    [LibraryImport(Library)]
    public static partial uint gss_display_status(uint* minor, uint value, int type, GssOid* mechanism, uint* more, GssBuffer* text);

    [LibraryImport(Library)]
    public static partial uint gss_release_buffer(uint* minor, GssBuffer* buffer);

    [LibraryImport(Library)]
    public static partial uint gss_release_buffer_set(uint* minor, GssBufferSet** buffers);

    /// <summary>A copy of what the library wrote, which is wiped and given back to it.</summary>
    public static byte[] Take(GssBuffer* buffer)
    {
        if (buffer->Value is null)
            return [];
        var copy = buffer->Span.ToArray();
        new Span<byte>(buffer->Value, copy.Length).Clear();
        uint minor;
        _ = gss_release_buffer(&minor, buffer);
        return copy;
    }
}
