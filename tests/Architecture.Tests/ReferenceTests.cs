namespace Architecture.Tests;

public sealed class ReferenceTests
{
    /// <summary>ARCHITECTURE.md's table: who may reference what. Any other edge between our assemblies is a defect.</summary>
    static readonly Dictionary<string, string[]> _allowed = new()
    {
        ["Sasl.Hosting"] = [],
        ["Sasl.Mechanisms"] = [],
        ["Sasl.Protocols"] = ["Sasl.Hosting"],
        ["Sasl.Credentials"] = ["Sasl.Hosting", "Sasl.Protocols", "Sasl.Mechanisms"],
        ["MailStore"] = ["Sasl.Hosting"],
        ["saslauthd"] = ["Sasl.Hosting", "Sasl.Protocols", "Sasl.Credentials"],
        ["saslworker"] = ["Sasl.Hosting", "Sasl.Protocols", "Sasl.Mechanisms", "Sasl.Credentials"],
        ["testsaslauthd"] = ["Sasl.Hosting", "Sasl.Protocols"],
        ["authserver"] = ["Sasl.Hosting", "Sasl.Protocols", "Sasl.Mechanisms", "Sasl.Credentials"],
        ["mailsupervisor"] = ["Sasl.Hosting", "Sasl.Protocols"],
        ["mailservers"] = ["Sasl.Hosting", "Sasl.Protocols", "Sasl.Mechanisms", "MailStore"],
        ["mailctl"] = ["Sasl.Hosting", "Sasl.Protocols", "Sasl.Mechanisms", "Sasl.Credentials", "MailStore"],
    };

    public static TheoryData<string> Assemblies => [.. Built.Ours];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void An_assembly_references_only_what_the_table_allows(string name)
    {
        var extra = Built.Read(name).References.Where(r => Built.Ours.Contains(r, StringComparer.OrdinalIgnoreCase)).Except(_allowed[name], StringComparer.OrdinalIgnoreCase);
        Assert.Empty(extra);
    }

    [Fact]
    public void Mechanisms_reference_the_platform_only()
    {
        Assert.DoesNotContain(Built.Read("Sasl.Mechanisms").References, r => !r.StartsWith("System.", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Native_calls_stand_in_their_rooms_only(string name)
    {
        string[] rooms = ["Sasl.Hosting.Unix", "Sasl.Credentials.Native", "Sasl.Mechanisms.Gssapi"];
        Assert.Empty(Built.Read(name).NativeCalls.Where(c => !rooms.Contains(c.Namespace)).Select(c => $"{c.Namespace}.{c.Type} calls {c.Library}"));
    }

    [Fact]
    public void The_rooms_of_native_calls_are_not_empty()
    {
        Assert.NotEmpty(Built.Read("Sasl.Hosting").NativeCalls);
    }

    [Fact]
    public void Imap_Pop3_and_Smtp_know_nothing_of_each_other()
    {
        string[] protocols = ["MailServers.Imap", "MailServers.Pop3", "MailServers.Smtp"];
        var uses = Built.Read("mailservers").TypeUses;
        string? Protocol(string ns) => Array.Find(protocols, p => ns == p || ns.StartsWith(p + ".", StringComparison.Ordinal));
        Assert.Contains(uses, u => Protocol(u.From) is not null);
        Assert.Empty(uses.Where(u => Protocol(u.From) is { } from && Protocol(u.To) is { } to && from != to));
    }

    [Fact]
    public void The_supervisor_speaks_no_network_protocol()
    {
        // Invariant 1: no TLS, no HTTP, no DNS in a root process that holds the listeners.
        string[] forbidden = ["System.Net.Security", "System.Net.Http", "System.Net.NameResolution", "System.Net.Mail", "DnsClient"];
        Assert.Empty(Built.Read("mailsupervisor").References.Intersect(forbidden));
        Assert.Empty(Built.Read("saslauthd").References.Intersect(forbidden));
    }
}
