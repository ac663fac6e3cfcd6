using System.Net;

namespace MailServers.Login;

/// <summary>Reads login_trusted_networks: addresses and address/bits, IPv6 with or without brackets.</summary>
static class TrustedNetworks
{
    /// <summary>Null when one of the words is no network; <paramref name="wrong"/> is that word.</summary>
    public static IReadOnlyList<IPNetwork>? TryParse(IEnumerable<string> words, out string wrong)
    {
        var networks = new List<IPNetwork>();
        wrong = "";
        foreach (var word in words)
        {
            if (TryParse(word) is not { } network)
            {
                wrong = word;
                return null;
            }
            networks.Add(network);
        }
        return networks;
    }

    static IPNetwork? TryParse(string word)
    {
        var slash = word.LastIndexOf('/');
        var host = (slash < 0 ? word : word[..slash]).Trim('[', ']');
        if (!IPAddress.TryParse(host, out var address))
            return null;
        var width = address.GetAddressBytes().Length * 8;
        var bits = width;
        if (slash >= 0 && (!int.TryParse(word[(slash + 1)..], out bits) || bits < 0 || bits > width))
            return null;
        return new IPNetwork(Masked(address, bits), bits);
    }

    /// <summary>Host bits are dropped: administrators write 10.1.2.3/8 and mean 10.0.0.0/8.</summary>
    static IPAddress Masked(IPAddress address, int bits)
    {
        var bytes = address.GetAddressBytes();
        for (var i = 0; i < bytes.Length; i++)
        {
            var kept = Math.Clamp(bits - (i * 8), 0, 8);
            bytes[i] &= (byte)(0xFF << (8 - kept));
        }
        return new IPAddress(bytes);
    }
}
