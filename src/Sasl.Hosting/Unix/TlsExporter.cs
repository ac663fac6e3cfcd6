using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Authentication;

namespace Sasl.Hosting.Unix;

/// <summary>
/// Keying material of a TLS connection (RFC 5705), for tls-exporter (RFC 9266). SslStream has no exporter; the handle of OpenSSL is in it, in a field that
/// no version promises: where it is not there, there is no exporter, and nothing else is missing.
/// </summary>
public static partial class TlsExporter
{
    const int Size = 32, GetExtendedMasterSecret = 122;

    static readonly byte[] _label = [.. "EXPORTER-Channel-Binding"u8];

    static readonly FieldInfo? _context = Field();

    /// <summary>The 32 bytes of RFC 9266 §2, or null when this connection or platform has none.</summary>
    public static byte[]? Export(SslStream tls)
    {
        if (tls.SslProtocol is not (SslProtocols.Tls12 or SslProtocols.Tls13) || _context?.GetValue(tls) is not SafeHandle { IsClosed: false, IsInvalid: false } handle)
            return null;
        var isHeld = false;
        try
        {
            handle.DangerousAddRef(ref isHeld);
            var ssl = handle.DangerousGetHandle();
            // RFC 9266 §4.2: on TLS 1.2 only with the extended master secret, else two connections can be made to have the same.
            if (tls.SslProtocol == SslProtocols.Tls12 && Control(ssl, GetExtendedMasterSecret, 0, 0) != 1)
                return null;
            var material = new byte[Size];
            return ExportKeyingMaterial(ssl, material, Size, _label, (nuint)_label.Length, [], 0, 1) == 1 ? material : null;
        }
        catch (Exception missing) when (missing is DllNotFoundException or EntryPointNotFoundException)
        {
            return null;
        }
        finally
        {
            if (isHeld)
                handle.DangerousRelease();
        }
    }

    [DynamicDependency("_securityContext", typeof(SslStream))]
    static FieldInfo? Field() => typeof(SslStream).GetField("_securityContext", BindingFlags.NonPublic | BindingFlags.Instance);

    [LibraryImport("libssl.so.3", EntryPoint = "SSL_export_keying_material")]
    private static partial int ExportKeyingMaterial(nint ssl, Span<byte> material, nuint size, ReadOnlySpan<byte> label, nuint labelSize, ReadOnlySpan<byte> context, nuint contextSize, int useContext);

    [LibraryImport("libssl.so.3", EntryPoint = "SSL_ctrl")]
    private static partial nint Control(nint ssl, int command, nint number, nint pointer);
}
