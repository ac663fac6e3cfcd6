namespace Sasl.Hosting.Configuration;

// The names and networks of this machine: who we are.
public static partial class MainCf
{
    public static readonly Setting Myhostname = Text("myhostname", "localhost.localdomain",
        "The name of this machine, fully qualified; the banner and many defaults use it. Default: the system's host name.");

    public static readonly Setting Mydomain = Text("mydomain", "localdomain",
        "The domain of this machine. Default: myhostname without its first label.");

    public static readonly Setting Myorigin = Text("myorigin", "$myhostname",
        "The domain that is added to addresses without one.");

    public static readonly Setting Mydestination = List("mydestination", "$myhostname, localhost.$mydomain, localhost",
        "Domains whose mail is delivered on this machine.");

    public static readonly Setting Mynetworks = List("mynetworks", "",
        "Networks of clients that may relay. Default: computed by mynetworks_style.");

    public static readonly Setting MynetworksStyle = Text("mynetworks_style", "${{$compatibility_level} <level {2} ? {subnet} : {host}}",
        "How mynetworks is computed when it is not set: this host only, its subnets or its address classes.", s => s with { Choices = ["host", "subnet", "class"] });

    public static readonly Setting InetInterfaces = List("inet_interfaces", "all",
        "Addresses that the servers listen on: all, loopback-only, names or addresses.");

    public static readonly Setting InetProtocols = List("inet_protocols", "all",
        "Internet protocols: all, ipv4, ipv6.");

    public static readonly Setting ProxyInterfaces = List("proxy_interfaces", "",
        "Addresses by which this machine is reached through a proxy or NAT.", s => s with { IsUnsupported = true });

    public static readonly Setting MailName = Text("mail_name", "Sasl",
        "The name of this mail system in banners and headers.");

    public static readonly Setting MailVersion = Text("mail_version", "0.1.0",
        "The version of this mail system.");

    public static readonly Setting CompatibilityLevel = Text("compatibility_level", "3.12",
        "Defaults of which release of Postfix hold; this program has no older versions of its own.");

    public static readonly Setting RecipientDelimiter = Text("recipient_delimiter", "",
        "Characters that separate a user name from its address extension (user+ext).");

    public static readonly Setting AppendAtMyorigin = YesNo("append_at_myorigin", "yes",
        "Add @$myorigin to an address without a domain.", s => s with { IsUnsupported = true });

    public static readonly Setting AppendDotMydomain = YesNo("append_dot_mydomain", "${{$compatibility_level} <level {1} ? {yes} : {no}}",
        "Add .$mydomain to a domain without a dot.", s => s with { IsUnsupported = true });

    public static readonly Setting AllowPercentHack = YesNo("allow_percent_hack", "yes",
        "Rewrite user%domain to user@domain.", s => s with { IsUnsupported = true });

    public static readonly Setting SwapBangpath = YesNo("swap_bangpath", "yes",
        "Rewrite site!user to user@site.", s => s with { IsUnsupported = true });

    public static readonly Setting Smtputf8Enable = YesNo("smtputf8_enable", "${{$compatibility_level} <level {1} ? {no} : {yes}}",
        "Internationalised addresses (RFC 6531).", s => s with { IsUnsupported = true });

    public static readonly Setting ParentDomainMatchesSubdomains = List("parent_domain_matches_subdomains", "debug_peer_list,fast_flush_domains,mynetworks,permit_mx_backup_networks,qmqpd_authorized_clients,relay_domains,smtpd_access_maps",
        "Lists in which a domain also stands for its subdomains.", s => s with { IsUnsupported = true });
}
