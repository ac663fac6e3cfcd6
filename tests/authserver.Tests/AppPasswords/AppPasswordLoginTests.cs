using System.Diagnostics;
using System.Text;
using AuthServer.Composition;
using Sasl.Credentials;
using Sasl.Credentials.Sources;
using Sasl.Hosting.Configuration;
using Sasl.Mechanisms;
using Sasl.Protocols.DovecotAuth;
using Testing;

namespace AuthServer.Tests.AppPasswords;

/// <summary>App passwords through the auth socket, by PLAIN and by SCRAM.</summary>
public sealed class AppPasswordLoginTests
{
    sealed class House : IAsyncDisposable
    {
        public House(Func<AuthServerSettings, AuthServerSettings>? change = null)
        {
            Server = new(s => (change ?? (x => x))(s.With(DovecotConf.AuthMechanisms, "plain login scram-sha-1 scram-sha-256 cram-md5").With(DovecotConf.AuthLimitGuessing, "no")));
            Store = new(Server["state/" + Sasl.Credentials.Sources.AppPasswords.FileName]);
        }

        public TestServer Server { get; }

        public Sasl.Credentials.Sources.AppPasswords Store { get; }

        /// <summary>The server begins with the first login.</summary>
        public AuthClient Client => field ??= new(AuthAddress.TryParse(Server.Listen().Client)!);

        public string Add(string name, string user = "alice", Func<AppPassword, AppPassword>? change = null)
        {
            var text = AppPasswordText.Generate();
            Store.Create();
            Assert.True(Store.TryAdd((change ?? (p => p))(new AppPassword(user, name) { Created = DateTimeOffset.UtcNow }), text, []));
            return text;
        }

        public async ValueTask DisposeAsync()
        {
            await Client.DisposeAsync();
            Server.Dispose();
        }
    }

    [Fact]
    public async Task Each_logs_in_by_PLAIN_and_by_SCRAM_and_so_does_the_users_own()
    {
        await using var house = new House();
        Assert.True(await house.Client.ByScramAsync("alice", TestServer.Password));
        var (phone, laptop) = (house.Add("phone"), house.Add("laptop"));
        foreach (var password in new[] { phone, laptop, TestServer.Password })
        {
            Assert.True(await house.Client.ByPlainAsync("alice", password));
            Assert.True(await house.Client.ByPlainAsync("ALICE", password));
            Assert.True(await house.Client.ByScramAsync("alice", password));
            Assert.True(await house.Client.ByScramAsync("alice", password, mechanism: "SCRAM-SHA-1"));
        }
        Assert.True(await house.Client.ByPlainAsync("alice", phone.Replace("-", " ").ToUpperInvariant()));
        // Another one of the right shape, somebody else's, one that is taken back.
        Assert.False(await house.Client.ByPlainAsync("alice", AppPasswordText.Generate()));
        Assert.False(await house.Client.ByScramAsync("alice", AppPasswordText.Generate()));
        Assert.False(await house.Client.ByPlainAsync("nobody", phone));
        Assert.False(await house.Client.ByScramAsync("nobody", phone));
        Assert.True(house.Store.Revoke("alice", "phone"));
        Assert.False(await house.Client.ByPlainAsync("alice", phone));
        Assert.False(await house.Client.ByScramAsync("alice", phone));
        Assert.True(await house.Client.ByScramAsync("alice", laptop));
    }

    [Fact]
    public async Task They_hold_where_and_when_they_shall()
    {
        await using var house = new House();
        var smtp = house.Add("smtp", change: p => p with { Services = ["smtp"] });
        var office = house.Add("office", change: p => p with { Networks = ["192.0.2.0/24"] });
        var old = house.Add("old", change: p => p with { Expires = DateTimeOffset.UtcNow.AddHours(1) });
        foreach (var isScram in new[] { false, true })
        {
            Task<bool> LogInAsync(string password, string service = "imap", string from = "192.0.2.1") =>
                isScram ? house.Client.ByScramAsync("alice", password, from, service) : house.Client.ByPlainAsync("alice", password, from, service);
            Assert.True(await LogInAsync(smtp, "smtp"));
            Assert.True(await LogInAsync(smtp, "submission"));
            Assert.False(await LogInAsync(smtp));
            Assert.True(await LogInAsync(office));
            Assert.False(await LogInAsync(office, from: "198.51.100.1"));
            Assert.True(await LogInAsync(old));
        }
        house.Server.Time.Advance(TimeSpan.FromHours(2));
        Assert.False(await house.Client.ByPlainAsync("alice", old));
        Assert.False(await house.Client.ByScramAsync("alice", old));
        Assert.True(await house.Client.ByPlainAsync("alice", office));
    }

    [Fact]
    public async Task The_users_own_password_can_be_off()
    {
        await using var house = new House();
        var phone = house.Add("phone");
        house.Store.SetMain("alice", isOff: true);
        Assert.False(await house.Client.ByPlainAsync("alice", TestServer.Password));
        Assert.False(await house.Client.ByScramAsync("alice", TestServer.Password));
        Assert.True(await house.Client.ByPlainAsync("alice", phone));
        Assert.True(await house.Client.ByScramAsync("alice", phone));
        Assert.Contains(house.Server.Log.Lines, l => l.Contains("sasldb(alice,192.0.2.1,<s1>): only app passwords are taken of this user"));
        // Also where he has none for this, and by a mechanism that app passwords cannot serve.
        house.Store.Revoke("alice", "phone");
        Assert.False(await house.Client.ByScramAsync("alice", TestServer.Password));
        house.Store.SetMain("alice", isOff: false);
        Assert.True(await house.Client.ByPlainAsync("alice", TestServer.Password));
        Assert.True(await house.Client.ByScramAsync("alice", TestServer.Password));
    }

    [Fact]
    public async Task The_own_password_of_everybody_can_be_off()
    {
        await using var house = new House(s => s.With(DovecotConf.AuthAppPasswordsOnly, "yes"));
        Assert.False(await house.Client.ByPlainAsync("alice", TestServer.Password));
        Assert.False(await house.Client.ByScramAsync("alice", TestServer.Password));
        var phone = house.Add("phone");
        Assert.False(await house.Client.ByPlainAsync("alice", TestServer.Password));
        Assert.True(await house.Client.ByPlainAsync("alice", phone));
        Assert.True(await house.Client.ByScramAsync("alice", phone));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("allow_nets=198.51.100.0/24", false)]
    [InlineData("nologin=yes", false)]
    public async Task What_the_passdbs_say_of_the_account_holds(string fields, bool isIn)
    {
        await using var house = new House(s => s with { Passdbs = [s.Passdbs[0] with { Settings = new Dictionary<string, string> { ["override_fields"] = fields } }] });
        var phone = house.Add("phone");
        Assert.Equal(isIn, await house.Client.ByPlainAsync("alice", phone));
        Assert.Equal(isIn, await house.Client.ByScramAsync("alice", phone));
        // Whom the passdbs do not know has no use for one.
        var ghost = house.Add("phone", "ghost");
        Assert.False(await house.Client.ByPlainAsync("ghost", ghost));
        Assert.False(await house.Client.ByScramAsync("ghost", ghost));
    }

    [Fact]
    public async Task Who_is_denied_stays_denied()
    {
        await using var house = new House(s => s with { Passdbs = [new AuthDatabase("sasldb", s.Passdbs[0].Arguments) { Settings = new Dictionary<string, string> { ["deny"] = "yes" } }, s.Passdbs[0]] });
        var phone = house.Add("phone");
        Assert.False(await house.Client.ByPlainAsync("alice", phone));
        Assert.False(await house.Client.ByScramAsync("alice", phone));
    }

    [Fact]
    public async Task A_store_that_cannot_be_read_lets_nobody_pass_whose_own_password_may_be_off()
    {
        await using var house = new House();
        house.Add("phone");
        File.SetUnixFileMode(house.Store.Path, (UnixFileMode)0x1B6);
        Assert.False(await house.Client.ByPlainAsync("alice", TestServer.Password));
        Assert.Contains(house.Server.Log.Lines, l => l.Contains("is open to everybody"));
        File.SetUnixFileMode(house.Store.Path, (UnixFileMode)0x180);
        Assert.True(await house.Client.ByPlainAsync("alice", TestServer.Password));
        // What was known holds on.
        house.Store.SetMain("alice", isOff: true);
        Assert.False(await house.Client.ByPlainAsync("alice", TestServer.Password));
        File.SetUnixFileMode(house.Store.Path, (UnixFileMode)0x1B6);
        Assert.False(await house.Client.ByPlainAsync("alice", TestServer.Password));
    }

    [Fact]
    public async Task The_use_is_noted_and_the_audit_tells_which_it_was()
    {
        string store, log, key;
        var house = new House();
        var phone = house.Add("phone");
        Assert.True(await house.Client.ByPlainAsync("alice", phone));
        Assert.True(await house.Client.ByScramAsync("alice", phone));
        Assert.True(await house.Client.ByPlainAsync("alice", TestServer.Password));
        (store, log, key) = (house.Store.Path, house.Server["state/audit.log"], house.Server["state/audit.key"]);
        await house.Client.DisposeAsync();
        house.Server.Stop();
        Assert.NotNull(new Sasl.Credentials.Sources.AppPasswords(store).Find("alice").Passwords[0].Used);
        var secret = File.ReadAllBytes(key);
        Assert.Equal(["", "phone", "phone", "", ""], File.ReadAllLines(log).Select(l => Sasl.Protocols.Audit.AuditLine.TryParse(Encoding.ASCII.GetBytes(l), secret)!.Entry.AppPassword));
        house.Server.Dispose();
    }

    [Fact]
    public async Task Guessing_at_app_passwords_is_limited_like_any_other()
    {
        await using var house = new House(s => s.With(DovecotConf.AuthLimitGuessing, "yes"));
        var phone = house.Add("phone");
        for (var i = 0; i < 20; i++)
            Assert.False(await house.Client.ByPlainAsync("alice", AppPasswordText.Generate()));
        Assert.False(await house.Client.ByPlainAsync("alice", phone));
        Assert.True(await house.Client.ByPlainAsync("alice", phone, "198.51.100.1"));
    }

    [Fact]
    public async Task Only_app_passwords_and_nowhere_to_keep_them_is_no_start()
    {
        using var databases = new Databases();
        var problems = new List<string>();
        Assert.Null(databases.Open(new AuthServerSettings { Passdbs = [new("sasldb", "/nonexistent")] }.With(DovecotConf.AuthStateDir, "").With(DovecotConf.AuthAppPasswordsOnly, "yes"),
            new CapturedLog(), TimeProvider.System, problems));
        Assert.Contains(problems, p => p.StartsWith("auth_app_passwords_only"));
        await Task.CompletedTask;
    }

    [Fact]
    public async Task Salts_are_told_to_mailctl_and_keys_to_nobody()
    {
        await using var house = new House();
        Assert.False(await house.Client.ByPlainAsync("carol", "pencil"));
        var own = ScramSecret.Derive(ScramHash.Sha256, "pencil"u8, "0123456789abcdef"u8.ToArray(), 5000);
        new Sasldb(house.Server["secrets.db"]).Set("carol", "", "SCRAM-SHA-256", ScramSecretText.Format(own, ScramForm.Dovecot));
        var answer = await AuthMasterQuestion.AskAsync(AuthAddress.TryParse(house.Server["auth-master"])!, "SALTS", ["carol"], TimeSpan.FromSeconds(20));
        Assert.Equal(["SALTS 1 SCRAM-SHA-256 5000 MDEyMzQ1Njc4OWFiY2RlZg==", "DONE 1 "], answer.Select(l => string.Join(' ', l)));
        // Made with it, her app password stands beside her own.
        house.Store.Create();
        var text = AppPasswordText.Generate();
        Assert.True(house.Store.TryAdd(new("carol", "phone"), text, [own]));
        Assert.True(await house.Client.ByScramAsync("carol", "pencil"));
        Assert.True(await house.Client.ByScramAsync("carol", text));
        // With another one it stands in its place, for SCRAM.
        new Sasldb(house.Server["secrets.db"]).Set("dora", "", "SCRAM-SHA-256", ScramSecretText.Format(ScramSecret.Derive(ScramHash.Sha256, "crayon"u8, "fedcba9876543210"u8.ToArray(), 5000), ScramForm.Dovecot));
        var other = house.Add("phone", "dora");
        Assert.False(await house.Client.ByScramAsync("dora", "crayon"));
        Assert.True(await house.Client.ByScramAsync("dora", other));
    }
}
