using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Sasl.Hosting.Configuration;

/// <summary>An address or a network in CIDR form: 192.0.2.0/24, [2001:db8::]/32 (main.cf), 2001:db8::/32 (dovecot.conf).</summary>
public sealed record NetworkPattern(IPAddress Network, int PrefixLength)
{
    /// <param name="demandBrackets">main.cf wants IPv6 addresses in brackets, since ':' separates a table's type from its name.</param>
    /// <param name="error">What is wrong, with what was probably meant.</param>
    public static NetworkPattern? Parse(string text, bool demandBrackets, out (string Message, string? Suggestion)? error)
    {
        error = null;
        var slash = text.LastIndexOf('/');
        var host = slash < 0 ? text : text[..slash];
        var isBracketed = host.StartsWith('[') && host.EndsWith(']');
        if (!IPAddress.TryParse(isBracketed ? host[1..^1] : host, out var address) || (!isBracketed && host.AsSpan().Count('.') is not 3 && !host.Contains(':')))
        {
            error = ($"\"{text}\" is not a network", null);
            return null;
        }
        var isIpv6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        if (demandBrackets && isIpv6 && !isBracketed)
        {
            error = ($"IPv6 address without brackets: \"{text}\"", $"[{host}]{(slash < 0 ? "" : text[slash..])}");
            return null;
        }
        var bits = isIpv6 ? 128 : 32;
        var prefix = bits;
        if (slash >= 0 && (!int.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out prefix) || prefix > bits))
        {
            error = ($"bad network prefix length in \"{text}\" (0 to {bits})", null);
            return null;
        }
        var network = Mask(address, prefix);
        if (!network.Equals(address))
        {
            var meant = isBracketed ? $"[{network}]/{prefix}" : $"{network}/{prefix}";
            error = ($"non-null host address bits in \"{text}\"", meant);
            return null;
        }
        return new NetworkPattern(network, prefix);
    }

    public bool Contains(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily == Network.AddressFamily && Mask(address, PrefixLength).Equals(Network);
    }

    static IPAddress Mask(IPAddress address, int prefix)
    {
        var bytes = address.GetAddressBytes();
        for (var i = 0; i < bytes.Length; i++)
        {
            var keep = Math.Clamp(prefix - (i * 8), 0, 8);
            bytes[i] &= (byte)(0xFF << (8 - keep));
        }
        return new IPAddress(bytes);
    }
}
