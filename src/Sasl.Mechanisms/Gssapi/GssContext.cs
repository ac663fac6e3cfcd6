// Invariants of this file:
//  * One thread at a time in the library with one context: every call holds the lock.
//  * Whatever bytes the peer sends end in a value. The library's memory is copied and given back before a method returns.
using System.Buffers.Binary;

namespace Sasl.Mechanisms.Gssapi;

/// <summary>What came of one step: a token for the peer (may be empty), or an error.</summary>
readonly record struct GssStep(byte[] Token, bool IsComplete, GssError? Error);

/// <summary>
/// One side of a security context (RFC 2743 §2.2). Until it is complete the calls may wait for the network (the KDC) or a file (keytab,
/// replay cache): <see cref="GssThreads"/>. Wrap and unwrap only compute.
/// </summary>
sealed unsafe class GssContext : IDisposable
{
    readonly Lock _gate = new();
    readonly GssContextHandle _context = new();
    readonly GssMechanism _mechanism;
    readonly GssCredential _credential;
    readonly GssName? _target;
    readonly GssFlags _wanted;
    readonly byte[]? _bindings;
    GssName? _peer;

    GssContext(GssMechanism mechanism, GssCredential credential, GssName? target, GssFlags wanted, byte[]? bindings) =>
        (_mechanism, _credential, _target, _wanted, _bindings) = (mechanism, credential, target, wanted, bindings);

    /// <summary>The client's side. It does not own what it is given.</summary>
    /// <param name="mechanism">As the credential's.</param>
    /// <param name="credential">The own tickets.</param>
    /// <param name="target">The service.</param>
    /// <param name="wanted">Properties to ask for.</param>
    /// <param name="bindings">Application data of channel bindings (RFC 2744 §3.11), or null.</param>
    public static GssContext Initiator(GssMechanism mechanism, GssCredential credential, GssName target, GssFlags wanted, byte[]? bindings = null) =>
        new(mechanism, credential, target, wanted, bindings);

    /// <summary>
    /// The server's side. With bindings an initiator that gives other ones is refused; one that gives none is not: look for
    /// <see cref="GssFlags.ChannelBound"/>.
    /// </summary>
    public static GssContext Acceptor(GssMechanism mechanism, GssCredential credential, byte[]? bindings = null) =>
        new(mechanism, credential, null, GssFlags.None, bindings);

    /// <summary>Valid when the context is complete.</summary>
    public GssFlags Flags { get; private set; }

    /// <summary>Acceptor, when the context is complete: who the initiator is.</summary>
    public GssName Peer => _peer ?? throw new InvalidOperationException("the context is not complete");

    /// <summary>Takes the peer's token; the initiator's first step has none to take.</summary>
    public GssStep Step(ReadOnlySpan<byte> token)
    {
        lock (_gate)
        {
            var held = false;
            try
            {
                // Whoever disposes the context meanwhile waits for nothing, and the library's context lives until the call is over.
                _context.DangerousAddRef(ref held);
                fixed (byte* value = token, data = _bindings)
                {
                    var input = new GssBuffer { Length = (nuint)token.Length, Value = value };
                    var bindings = new GssChannelBindings { ApplicationData = new() { Length = (nuint)(_bindings?.Length ?? 0), Value = data } };
                    return _target is null ? Accept(&input, _bindings is null ? null : &bindings) : Initiate(&input, _bindings is null ? null : &bindings);
                }
            }
            finally
            {
                if (held)
                    _context.DangerousRelease();
            }
        }
    }

    /// <summary>Protects data. With <paramref name="isConfidential"/> the result is encrypted or an error.</summary>
    public byte[]? Wrap(ReadOnlySpan<byte> data, bool isConfidential, out GssError? error)
    {
        lock (_gate)
        {
            fixed (byte* value = data)
            {
                var input = new GssBuffer { Length = (nuint)data.Length, Value = value };
                GssBuffer output;
                uint minor;
                int wasConfidential;
                var major = Gss.gss_wrap(&minor, _context, isConfidential ? 1 : 0, 0, &input, &wasConfidential, &output);
                if ((error = Check(major, minor)) is not null)
                    return null;
                var wrapped = Gss.Take(&output);
                if (!isConfidential || wasConfidential != 0)
                    return wrapped;
                error = new(0, 0, "the context cannot encrypt");
                return null;
            }
        }
    }

    /// <summary>Checks and opens what the peer wrapped; an error too when it is a repetition or out of order.</summary>
    public byte[]? Unwrap(ReadOnlySpan<byte> wrapped, out bool wasConfidential, out GssError? error)
    {
        lock (_gate)
        {
            fixed (byte* value = wrapped)
            {
                var input = new GssBuffer { Length = (nuint)wrapped.Length, Value = value };
                GssBuffer output = default;
                uint minor, quality;
                int confidential = 0;
                var major = Gss.gss_unwrap(&minor, _context, &input, &output, &confidential, &quality);
                wasConfidential = confidential != 0;
                var data = Gss.Take(&output);
                // RFC 2743 §1.2.3: a duplicate, old, missing or misplaced message is reported beside a success.
                error = Check(major, minor) ?? (major == 0 ? null : GssError.Read(major, minor, GssOids.Kerberos));
                return error is null ? data : null;
            }
        }
    }

    /// <summary>The longest data whose wrapping is no longer than so many bytes; 0 when there is none.</summary>
    public int LongestData(bool isConfidential, int longestWrapped)
    {
        lock (_gate)
        {
            uint minor, longest;
            var major = Gss.gss_wrap_size_limit(&minor, _context, isConfidential ? 1 : 0, 0, (uint)longestWrapped, &longest);
            return GssError.IsError(major) ? 0 : (int)Math.Min(longest, (uint)longestWrapped);
        }
    }

    /// <summary>Bits of key of the context's encryption, or null when the library does not say.</summary>
    public int? Ssf()
    {
        lock (_gate)
        {
            uint minor;
            GssBufferSet* answer = null;
            if (GssError.IsError(Gss.gss_inquire_sec_context_by_oid(&minor, _context, GssOids.Ssf, &answer)) || answer is null)
                return null;
            int? bits = answer->Count == 1 && answer->Elements->Length == 4 ? BinaryPrimitives.ReadInt32BigEndian(answer->Elements->Span) : null;
            _ = Gss.gss_release_buffer_set(&minor, &answer);
            return bits;
        }
    }

    /// <summary>Initiator, when the context is complete: whose tickets were used.</summary>
    public GssName? Own(out GssError? error)
    {
        lock (_gate)
        {
            uint minor;
            nint source;
            error = Check(Gss.gss_inquire_context(&minor, _context, &source, null, null, null, null, null, null), minor);
            return error is null ? new(new GssNameHandle(source)) : null;
        }
    }

    public void Dispose()
    {
        _context.Dispose();
        _peer?.Dispose();
    }

    GssStep Initiate(GssBuffer* input, GssChannelBindings* bindings)
    {
        var context = _context.DangerousGetHandle();
        GssBuffer output = default;
        uint minor, flags;
        var major = Gss.gss_init_sec_context(&minor, _credential.Handle, &context, _target!.Handle, _mechanism.Oid, (uint)_wanted, 0, bindings,
            context == 0 ? null : input, null, &output, &flags, null);
        _context.Replace(context);
        return Finish(major, minor, flags, &output);
    }

    GssStep Accept(GssBuffer* input, GssChannelBindings* bindings)
    {
        var context = _context.DangerousGetHandle();
        GssBuffer output = default;
        uint minor, flags;
        nint source = 0;
        var major = Gss.gss_accept_sec_context(&minor, &context, _credential.Handle, input, bindings, &source, null, &output, &flags, null, null);
        _context.Replace(context);
        if (source != 0)
        {
            _peer?.Dispose();
            _peer = new(new GssNameHandle(source));
        }
        return Finish(major, minor, flags, &output);
    }

    GssStep Finish(uint major, uint minor, uint flags, GssBuffer* output)
    {
        var error = Check(major, minor);
        // With an error the library may still have a token for the peer (KRB-ERROR). SASL has no place for it.
        var token = Gss.Take(output);
        if (error is not null)
            return new([], false, error);
        Flags = (GssFlags)flags;
        return new(token, (major & 1) == 0, null);
    }

    GssError? Check(uint major, uint minor) => GssError.IsError(major) ? GssError.Read(major, minor, _mechanism.Oid) : null;
}
