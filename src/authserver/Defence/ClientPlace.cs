using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace AuthServer.Defence;

/// <summary>
/// Where a login comes from, as far as the counters tell places apart: a customer's line, and the network around it. An IPv4 address is mapped into
/// IPv6, so that one number holds either.
/// </summary>
/// <param name="Host">The IPv4 address, or the /64 of the IPv6 address: who has one address of that has them all.</param>
/// <param name="Network">The /24, or the /48.</param>
readonly record struct ClientPlace(UInt128 Host, UInt128 Network)
{
    /// <summary>By this a place is remembered that a user has logged in from: lines change their IPv4 address within a network.</summary>
    public UInt128 Home => IsIPv4(Host) ? Network : Host;

    public static ClientPlace Of(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        var isIPv4 = address.AddressFamily == AddressFamily.InterNetwork;
        (isIPv4 ? address.MapToIPv6() : address).TryWriteBytes(bytes, out _);
        var number = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return IsIPv4(number) ? new(number, Cut(number, 120)) : new(Cut(number, 64), Cut(number, 48));
    }

    /// <summary>192.0.2.1, 192.0.2.0/24, 2001:db8:0:1::/64: a place as people write it.</summary>
    public static string Text(UInt128 prefix, bool isNetwork)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, prefix);
        var address = new IPAddress(bytes);
        return IsIPv4(prefix) ? $"{address.MapToIPv4()}{(isNetwork ? "/24" : "")}" : $"{address}/{(isNetwork ? 48 : 64)}";
    }

    static bool IsIPv4(UInt128 number) => number >> 32 == 0xffff;

    static UInt128 Cut(UInt128 number, int bits) => number & (UInt128.MaxValue << (128 - bits));
}
