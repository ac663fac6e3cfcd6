using System.Text;
using Sasl.Credentials.Ldap;
using Sasl.Hosting.Configuration;
using Testing;

namespace Sasl.Credentials.Tests.Ldap;

/// <summary>A source as a saslauthd.conf makes it, and questions to it.</summary>
sealed class LdapHouse : IAsyncDisposable
{
    readonly HashWorkers _hashing = new();

    public LdapHouse(string configuration, TimeProvider? time = null, params (string Path, string Content)[] files)
    {
        var problems = new List<Problem>();
        var settings = SaslauthdFile.Parse("saslauthd.conf", configuration, problems);
        Assert.Empty(problems);
        var contents = files.ToDictionary(f => f.Path, f => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(f.Content));
        Source = new(new MechanismContext(null, settings, contents, _hashing, Log), time ?? TimeProvider.System);
    }

    public LdapSource Source { get; }

    public ListLog Log { get; } = new();

    /// <summary>The steps of the last question.</summary>
    public Explanation Explanation { get; private set; } = new();

    /// <summary>A configuration that looks entries up as cn=lookup.</summary>
    public static string Conf(string url, string more = "") => $"""
        ldap_servers: {url}
        ldap_bind_dn: {Slapd.LookupDn}
        ldap_bind_pw: {Slapd.LookupPassword}
        ldap_search_base: dc=example
        {more}
        """;

    public Task<Verdict> AskAsync(string user, string password, string realm = "", CancellationToken stop = default) =>
        AskAsync(user, Encoding.UTF8.GetBytes(password), realm, stop);

    public async Task<Verdict> AskAsync(string user, byte[] password, string realm = "", CancellationToken stop = default)
    {
        Explanation = new();
        return await Source.VerifyAsync(new(user, realm, "imap", password, null) { Explanation = Explanation }, stop);
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        _hashing.Dispose();
    }
}
