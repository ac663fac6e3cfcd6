using CsCheck;
using Npgsql;
using Sasl.Credentials.Sql;

namespace Sasl.Credentials.Tests.Sql;

public sealed class PgsqlConnectTests
{
    [Fact]
    public void Libpqs_words()
    {
        var server = new NpgsqlConnectionStringBuilder(Assert.Single(PgsqlConnect.Read("host = db.example.org port=5433 dbname=mail user=auth password='it\\'s a; \"secret\"' maxconns=7 sslmode=verify-full sslrootcert=/ca.pem connect_timeout=3")));
        Assert.Equal(("db.example.org", 5433, "mail", "auth", "it's a; \"secret\"", 7, SslMode.VerifyFull, "/ca.pem"),
            (server.Host, server.Port, server.Database, server.Username, server.Password, server.MaxPoolSize, server.SslMode, server.RootCertificate));
    }

    [Theory]
    [InlineData("dbname=x", "/var/run/postgresql:5432")]
    [InlineData("host=a host=b", "a:5432 b:5432")]
    [InlineData("host=a,b port=1,2", "a:1 b:2")]
    [InlineData("host=a host=b port=7", "a:7 b:7")]
    [InlineData("host=/run/pg", "/run/pg:5432")]
    [InlineData("", "/var/run/postgresql:5432")]
    public void Servers_in_their_order(string connect, string servers) =>
        Assert.Equal(servers, string.Join(' ', PgsqlConnect.Read(connect).Select(s => new NpgsqlConnectionStringBuilder(s)).Select(s => $"{s.Host}:{s.Port}")));

    [Theory]
    [InlineData("host", "connect: no name=value at character 1")]
    [InlineData("host=a topsecret", "connect: no name=value at character 8")]
    [InlineData("password='topsecret", "connect: a value without its closing quote")]
    [InlineData("hots=a", "connect: hots is not supported")]
    [InlineData("port=x", "connect: port is not a number from 1 to 65535")]
    [InlineData("host=a,b,c port=1,2", "connect: as many ports as hosts, or one for all")]
    [InlineData("maxconns=0", "connect: maxconns is not a number from 1 to 1000")]
    [InlineData("sslmode=topsecret", "connect: unknown sslmode")]
    public void What_cannot_be_used_is_told_without_its_secrets(string connect, string problem) =>
        Assert.Equal(problem, Assert.Throws<FormatException>(() => PgsqlConnect.Read(connect)).Message);

    [Theory]
    [InlineData(null, "x", "no driver (sqlite or pgsql)")]
    [InlineData("mysql", "x", "driver mysql is not supported (sqlite and pgsql are)")]
    [InlineData("cassandra", "x", "driver cassandra is not supported (sqlite and pgsql are)")]
    [InlineData("pg", "x", "unknown driver pg (known: sqlite pgsql)")]
    [InlineData("pgsql", "", "no connect string")]
    [InlineData("sqlite", "users.db", "connect: not an absolute path")]
    public void Drivers(string? driver, string connect, string problem) =>
        Assert.Equal(problem, Assert.Throws<FormatException>(() => SqlDatabases.Open(driver, connect, TimeProvider.System)).Message);

    [Fact]
    public void Every_value_survives_its_quotes() => Gen.String.Where(v => !v.Contains('\0')).Sample(value =>
    {
        var words = SqlConnectWords.Parse($"a = '{value.Replace("\\", "\\\\").Replace("'", "\\'")}' b=c");
        Assert.Equal([("a", value), ("b", "c")], words);
    });
}
