using System.Text;
using Sasl.Credentials.Ldap;
using Sasl.Hosting.Configuration;
using Testing;

namespace Sasl.Credentials.Tests.Ldap;

/// <summary>The client as the auth server uses it: questions, pages, changes.</summary>
public sealed class LdapDirectoryTests
{
    const byte BindRequest = 0x60, SearchRequest = 0x63, BindResponse = 0x61, SearchDone = 0x65, UnavailableCriticalExtension = 12;

    static byte[] Result(int id, byte operation, byte code = 0) => [0x30, 12, 0x02, 0x01, (byte)id, operation, 7, 0x0a, 0x01, code, 0x04, 0x00, 0x04, 0x00];

    /// <summary>cn=NUMBER, without attributes.</summary>
    static byte[] Entry(int id, int number) => [0x30, 13, 0x02, 0x01, (byte)id, 0x64, 8, 0x04, 4, (byte)'c', (byte)'n', (byte)'=', (byte)('0' + number), 0x30, 0];

    static LdapDirectory Open(string url, bool isNobody = false) => new(new()
    {
        Servers = [LdapUrl.Parse(url, out _)!], Name = isNobody ? "" : Slapd.LookupDn, Password = isNobody ? "" : Slapd.LookupPassword,
    }, TimeProvider.System);

    static LdapQuestion Question(string filter) => new("dc=example", LdapScope.Sub, filter, ["userPassword"]);

    [RequiresFact(program: Slapd.Program)]
    public async Task What_is_no_longer_there_is_not_replaced()
    {
        await using var slapd = await Slapd.StartAsync();
        await using var directory = Open(slapd.Url);
        var entry = await directory.FindAsync(Question("(uid=bob)"), null, default);
        Assert.False(await directory.ReplaceAsync(entry!.Dn, "userPassword", ["other"u8.ToArray()], ["new"u8.ToArray()], default));
        Assert.False(await directory.ReplaceAsync($"uid=nobody,{Slapd.People}", "userPassword", ["other"u8.ToArray()], ["new"u8.ToArray()], default));
        Assert.True(await directory.ReplaceAsync(entry.Dn, "userPassword", ["bobs"u8.ToArray()], ["new"u8.ToArray(), "newer"u8.ToArray()], default));
        var values = (await directory.FindAsync(Question("(uid=bob)"), null, default))!.Values("userPassword").Select(Encoding.UTF8.GetString);
        Assert.Equal(["new", "newer"], values.Order());
        await using var nobody = Open(slapd.Url, isNobody: true);
        Assert.Contains("the change failed: ", (await Assert.ThrowsAsync<LdapException>(() => nobody.ReplaceAsync(entry.Dn, "userPassword", ["new"u8.ToArray()], ["x"u8.ToArray()], default))).Message);
    }

    [Fact]
    public async Task A_connection_that_breaks_on_the_way_is_made_again_once()
    {
        await using var server = new HostileServer((stream, connection) => HostileServer.AnswerAsync(stream, (id, operation) => operation switch
        {
            BindRequest => Result(id, BindResponse),
            SearchRequest => connection == 2 ? Result(id, SearchDone) : throw new IOException("that was it"),
            _ => null,
        }));
        await using var directory = Open(server.Url);
        Assert.Null(await directory.FindAsync(Question("(uid=alice)"), null, default));
        Assert.Equal(2, server.Connections);
    }

    [Fact]
    public async Task A_server_without_pages_is_asked_for_all()
    {
        var searches = 0;
        await using var server = new HostileServer((stream, _) => HostileServer.AnswerAsync(stream, (id, operation) => operation switch
        {
            BindRequest => Result(id, BindResponse),
            SearchRequest => ++searches == 1 ? Result(id, SearchDone, UnavailableCriticalExtension) : [.. Entry(id, 1), .. Entry(id, 2), .. Result(id, SearchDone)],
            _ => null,
        }));
        await using var directory = Open(server.Url);
        var names = new List<string>();
        await foreach (var entry in directory.ListAsync(Question("(uid=*)"), default))
            names.Add(entry.Dn);
        Assert.Equal(["cn=1", "cn=2"], names);
    }

    [Fact]
    public async Task Attack_more_entries_than_a_page_has_end_the_list()
    {
        await using var server = new HostileServer((stream, _) => HostileServer.AnswerAsync(stream, (id, operation) => operation switch
        {
            BindRequest => Result(id, BindResponse),
            SearchRequest => [.. Enumerable.Range(0, 501).SelectMany(_ => Entry(id, 1)), .. Result(id, SearchDone)],
            _ => null,
        }));
        await using var directory = Open(server.Url);
        var count = 0;
        await Assert.ThrowsAsync<LdapException>(async () =>
        {
            await foreach (var _ in directory.ListAsync(Question("(uid=*)"), default))
                count++;
        });
        Assert.Equal(500, count);
    }
}
