using System.Runtime.InteropServices;
using Sasl.Mechanisms;

namespace SideBySide.Contenders;

/// <summary>A SCRAM-SHA-256 server session of GNU SASL (libgsasl 2.2, package libgsasl18) with stored keys.</summary>
sealed partial class LibGsasl : IDisposable
{
    // gsasl.h: return codes and properties.
    const int Ok = 0, NeedsMore = 1, Iterations = 15, Salt = 16, ServerKey = 23, StoredKey = 24;

    static nint _library;
    readonly nint _session;

    public LibGsasl(ScramSecret secret)
    {
        if (_library == 0 && gsasl_init(out _library) != Ok || gsasl_server_start(_library, "SCRAM-SHA-256", out _session) != Ok)
            throw new BenchException("libgsasl has no SCRAM-SHA-256");
        gsasl_property_set(_session, Iterations, secret.Iterations.ToString(System.Globalization.CultureInfo.InvariantCulture));
        gsasl_property_set(_session, Salt, Convert.ToBase64String(secret.Salt.Span));
        gsasl_property_set(_session, StoredKey, Convert.ToBase64String(secret.StoredKey.Span));
        gsasl_property_set(_session, ServerKey, Convert.ToBase64String(secret.ServerKey.Span));
    }

    public static bool IsThere => NativeLibrary.TryLoad("libgsasl.so.18", out _);

    public byte[] Step(byte[] message, bool isLast)
    {
        var code = gsasl_step(_session, message, message.Length, out var output, out var length);
        if (code != (isLast ? Ok : NeedsMore))
            throw new BenchException($"libgsasl: {code}");
        var bytes = new byte[length];
        Marshal.Copy(output, bytes, 0, bytes.Length);
        gsasl_free(output);
        return bytes;
    }

    public void Dispose() => gsasl_finish(_session);

    [LibraryImport("libgsasl.so.18")]
    private static partial int gsasl_init(out nint library);

    [LibraryImport("libgsasl.so.18", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int gsasl_server_start(nint library, string mechanism, out nint session);

    [LibraryImport("libgsasl.so.18", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int gsasl_property_set(nint session, int property, string value);

    [LibraryImport("libgsasl.so.18")]
    private static partial int gsasl_step(nint session, byte[] input, nint length, out nint output, out nint outputLength);

    [LibraryImport("libgsasl.so.18")]
    private static partial void gsasl_finish(nint session);

    [LibraryImport("libgsasl.so.18")]
    private static partial void gsasl_free(nint memory);
}
