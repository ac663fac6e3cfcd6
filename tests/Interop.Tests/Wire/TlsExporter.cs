using System.Net.Security;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using Sasl.Mechanisms;

namespace Interop.Tests.Wire;

/// <summary>
/// tls-exporter (RFC 9266) as a host on .NET 10 can have it: SslStream has no exporter, but the handle of OpenSSL is in it.
/// </summary>
static class TlsExporter
{
    const int Size = 32;

    public static byte[] Export(SslStream tls)
    {
        var field = typeof(SslStream).GetField("_securityContext", BindingFlags.NonPublic | BindingFlags.Instance);
        var handle = (SafeHandle)field!.GetValue(tls)!;
        var (label, material, added) = (Encoding.ASCII.GetBytes(ChannelBindings.ExporterLabel), new byte[Size], false);
        handle.DangerousAddRef(ref added);
        try
        {
            // OpenSSL makes no difference between an empty context and none on TLS 1.3; on 1.2 RFC 9266 wants an empty one.
            Assert.Equal(1, SSL_export_keying_material(handle.DangerousGetHandle(), material, Size, label, (nuint)label.Length, [], 0, 1));
        }
        finally
        {
            handle.DangerousRelease();
        }
        return material;
    }

    [DllImport("libssl.so.3")]
    static extern int SSL_export_keying_material(nint ssl, byte[] material, nuint size, byte[] label, nuint labelSize, byte[] context, nuint contextSize, int useContext);
}
