using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Sasl.Hosting.Configuration;

/// <summary>An address of this machine and the length of its network's prefix.</summary>
public sealed record InterfaceAddress(IPAddress Address, int PrefixLength);

/// <summary>What defaults need to know of the system; injected, so that tests have a system of their own.</summary>
public sealed record SystemInfo(string HostName, IReadOnlyList<InterfaceAddress> Addresses)
{
    public static SystemInfo Current()
    {
        var addresses = new List<InterfaceAddress>();
        foreach (var network in NetworkInterface.GetAllNetworkInterfaces())
        {
            foreach (var unicast in network.GetIPProperties().UnicastAddresses)
                addresses.Add(new(unicast.Address, unicast.PrefixLength));
        }
        return new SystemInfo(Dns.GetHostName(), addresses);
    }

    /// <summary>The host name; one without a dot gets ".localdomain", since no default may depend on a resolver that is down.</summary>
    public string QualifiedHostName => HostName.Contains('.') ? HostName.ToLowerInvariant() : $"{HostName.ToLowerInvariant()}.localdomain";

    /// <summary>mydomain: myhostname without its first label.</summary>
    internal string DomainOf(Settings settings)
    {
        var name = settings.Text(MainCf.Myhostname);
        var dot = name.IndexOf('.');
        return dot < 0 || dot == name.Length - 1 ? "localdomain" : name[(dot + 1)..];
    }

    /// <summary>mynetworks: the host's own addresses, its subnets or its address classes, as mynetworks_style says.</summary>
    internal string NetworksFor(Settings settings)
    {
        var style = settings.Text(MainCf.MynetworksStyle);
        var protocols = settings.List(MainCf.InetProtocols);
        var networks = new List<string>();
        foreach (var (address, prefix) in Addresses.Where(a => Wanted(a.Address, protocols)))
        {
            var network = Network(address, style switch
            {
                "host" => address.GetAddressBytes().Length * 8,
                "class" when address.AddressFamily == AddressFamily.InterNetwork => ClassPrefix(address),
                _ => prefix,
            });
            if (!networks.Contains(network))
                networks.Add(network);
        }
        return string.Join(' ', networks);
    }

    static bool Wanted(IPAddress address, IReadOnlyList<string> protocols) =>
        protocols.Contains("all") || protocols.Contains(address.AddressFamily == AddressFamily.InterNetwork ? "ipv4" : "ipv6");

    /// <summary>The classes of addresses before CIDR: A, B and C.</summary>
    static int ClassPrefix(IPAddress address) => address.GetAddressBytes()[0] switch { < 128 => 8, < 192 => 16, _ => 24 };

    static string Network(IPAddress address, int prefix)
    {
        var bytes = address.GetAddressBytes();
        for (var bit = prefix; bit < bytes.Length * 8; bit++)
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        var network = new IPAddress(bytes);
        var length = prefix.ToString(CultureInfo.InvariantCulture);
        return network.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{network}]/{length}" : $"{network}/{length}";
    }
}
