using System.Net;

namespace MailServers.Smtp.Restrictions;

/// <summary>
/// A list of networks as mynetworks has it: "127.0.0.0/8", "[::1]/128", "192.0.2.7", "!10.0.0.1". The first match decides.
/// Words that are no network are kept aside as host and domain names.
/// </summary>
sealed class NetworkList
{
    public static readonly NetworkList Empty = new([]);

    readonly List<(IPNetwork Network, bool Include)> _networks = [];
    readonly List<(string Name, bool Include)> _names = [];

    public NetworkList(IEnumerable<string> words)
    {
        foreach (var word in words)
        {
            var include = !word.StartsWith('!');
            var text = include ? word : word[1..];
            if (TryParse(text, out var network))
                _networks.Add((network, include));
            else
                _names.Add((text, include));
        }
    }

    public bool Contains(IPAddress address, string name = ClientIdentity.Unknown)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        foreach (var (network, include) in _networks)
        {
            if (network.Contains(address))
                return include;
        }
        foreach (var (pattern, include) in _names)
        {
            if (name != ClientIdentity.Unknown && IsSameOrBelow(name, pattern))
                return include;
        }
        return false;
    }

    static bool IsSameOrBelow(string name, string pattern) =>
        name.Equals(pattern.TrimStart('.'), StringComparison.OrdinalIgnoreCase)
        || name.EndsWith(pattern.StartsWith('.') ? pattern : "." + pattern, StringComparison.OrdinalIgnoreCase);

    static bool TryParse(string text, out IPNetwork network)
    {
        network = default;
        var slash = text.LastIndexOf('/');
        var host = (slash < 0 ? text : text[..slash]).Trim('[', ']');
        if (!IPAddress.TryParse(host, out var address) || (!host.Contains(':') && host.Count(c => c == '.') != 3))
            return false;
        var bits = address.GetAddressBytes().Length * 8;
        var prefix = bits;
        if (slash >= 0 && (!int.TryParse(text[(slash + 1)..], out prefix) || prefix < 0 || prefix > bits))
            return false;
        network = new(Masked(address, prefix), prefix);
        return true;
    }

    /// <summary>IPNetwork wants no host bits; administrators write them.</summary>
    static IPAddress Masked(IPAddress address, int prefix)
    {
        var bytes = address.GetAddressBytes();
        for (var i = 0; i < bytes.Length; i++)
        {
            var bits = Math.Clamp(prefix - (i * 8), 0, 8);
            bytes[i] &= (byte)(0xFF00 >> bits);
        }
        return new(bytes);
    }
}
