using System.Net.Sockets;
using Sasl.Hosting.Unix;

namespace Sasl.Protocols.Saslauthd;

static class SocketErrors
{
    /// <summary>.NET has no code of its own for ENOENT and shows "Cannot assign requested address"; administrators look for strerror's words.</summary>
    public static string Describe(SocketException failure, string path)
    {
        try
        {
            return failure.SocketErrorCode switch
            {
                SocketError.AddressNotAvailable when Files.Status(path) is null => "No such file or directory",
                SocketError.ConnectionRefused => "Connection refused",
                SocketError.AccessDenied => "Permission denied",
                _ => failure.Message,
            };
        }
        catch (UnixException)
        {
            return "Permission denied";
        }
    }
}
