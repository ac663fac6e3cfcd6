using System.Text;
using AuthServer.Client;
using AuthServer.Logins;
using CsCheck;
using Sasl.Mechanisms;
using Sasl.Protocols;
using Sasl.Protocols.DovecotAuth;

namespace AuthServer.Tests.Client;

/// <summary>What of a login's facts its client is told.</summary>
public sealed class RepliesTests
{
    static TestServer Server(string fields) => new(s => s with { Passdbs = [s.Passdbs[0] with { Settings = new Dictionary<string, string> { ["override_fields"] = fields } }] });

    static string Greeted(int minor) => $"""
        {TestServer.Handshake}
        C: VERSION|1|{minor}
        C: CPID|42

        """;

    [Theory]
    [InlineData(0, "host=mx1|proxy|forward_x=1|reason=why|event_y=z|user_z=1|allow_real_nets=192.0.2.0/24")]
    [InlineData(2, "host=mx1|proxy|forward_x=1|reason=why|event_y=z|user_z=1|allow_real_nets=192.0.2.0/24")]
    [InlineData(3, "host=mx1|proxy=yes|forward_x=1|reason=why|event_y=z|user_z=1|allow_real_nets=192.0.2.0/24")]
    public async Task The_databases_extra_fields_come_with_the_OK_and_the_servers_own_do_not(int minor, string fields)
    {
        using var server = Server("host=mx1 proxy=yes userdb_home=/x userdb_uid=5 allow_nets=192.0.2.0/24 forward_x=1 reason=why event_y=z user_z=1 allow_real_nets=192.0.2.0/24 nodelay:remove");
        await server.PlayAsync($"""
            {Greeted(minor)}
            C: AUTH|1|PLAIN|service=imap|rip=192.0.2.1|resp={TestServer.Right}
            S: OK|1|user=alice|{fields}
            """);
    }

    [Fact]
    public async Task A_changed_name_comes_first_and_what_was_typed_behind_it()
    {
        using var server = Server("user=bob");
        await server.PlayAsync($"""
            {Greeted(2)}
            C: AUTH|1|PLAIN|service=imap|resp={TestServer.Plain("Alice", TestServer.Password)}
            S: OK|1|user=bob|original_user=Alice
            """);
    }

    [Fact]
    public async Task A_user_who_may_not_log_in_hears_why_only_with_the_right_password()
    {
        using var server = Server("nologin=yes reason=Moved_to_mail2");
        await server.PlayAsync($"""
            {Greeted(2)}
            C: AUTH|1|PLAIN|service=imap|resp={TestServer.Right}
            S: FAIL|1|user=alice|code=user_disabled|reason=Moved_to_mail2
            C: AUTH|2|PLAIN|service=imap|resp={TestServer.Wrong}
            S: FAIL|2|user=alice
            C: AUTH|3|PLAIN|service=imap|resp={TestServer.Plain("nobody", "x")}
            S: FAIL|3|user=nobody
            """);
    }

    [Fact]
    public async Task Forwarded_fields_come_back()
    {
        using var server = new TestServer();
        var forwarded = TabLine.Escape("a=1\t" + TabLine.Escape("b=x\ty"));
        await server.PlayAsync($"""
            {Greeted(2)}
            C: AUTH|1|PLAIN|service=imap|forward_fields={forwarded}|resp={TestServer.Right}
            S: OK|1|user=alice|forward_a=1|forward_b={TabLine.Escape("x\ty")}
            """);
    }

    [Fact]
    public async Task Anonymous_is_said_of_the_anonymous()
    {
        using var server = new TestServer(s => s.With(Sasl.Hosting.Configuration.DovecotConf.AuthMechanisms, "plain login anonymous"));
        await Testing.Dialogue.PlayAsync(server.ServeClientAsync, TestServer.Tabs("""
            S: VERSION|1|4
            S: MECH|PLAIN|plaintext
            S: MECH|LOGIN|plaintext
            S: MECH|ANONYMOUS|anonymous
            S: SPID|*
            S: CUID|*
            S: COOKIE|*
            S: DONE
            C: VERSION|1|2
            C: CPID|42
            C: AUTH|1|ANONYMOUS|service=imap|resp=c2lyaGM=
            S: OK|1|user=anonymous*anonymous
            """));
    }

    // Exim holds 8191 bytes and 16 fields, and looks for user= alone.
    [Fact]
    public void Any_fields_at_all_make_one_line_that_every_reader_can_hold() =>
        Gen.Select(Gen.Select(Gen.String, Gen.OneOf(Gen.String[Gen.Char["\0\x1\t\r\n=aü"], 0, 3000], Gen.String[Gen.Char.AlphaNumeric, 0, 9])).Array[0, 60], Gen.Int[0, 4]).Sample((fields, minor) =>
        {
            var login = new LoginFacts("Alice", "alice", new("imap", null, null));
            login.Fields.Set(fields.Select(f => (f.Item1, f.Item2)));
            var success = new SaslOutcome.Success("alice", "alice");
            byte[][] lines =
            [
                ClientReplies.Ok(7, success, login, "Alice", null, new(minor)),
                ClientReplies.Fail(7, new(FailureKind.Disabled, "log") { AuthenticationId = "alice" }, login, new(minor)),
            ];
            foreach (var line in lines)
            {
                Assert.InRange(line.Length, 1, 8192);
                Assert.Equal(line.Length - 1, Array.IndexOf(line, (byte)'\n'));
                Assert.Equal(-1, line.AsSpan().IndexOfAny((byte)'\r', (byte)0));
                var read = TabLine.Split(Encoding.UTF8.GetString(line.AsSpan(0, line.Length - 1)));
                Assert.InRange(read.Length, 3, 16);
                Assert.Equal(("7", "user=alice"), (read[1], read[2]));
            }
        }, iter: 300);

    // A reason is shown to the end user: whatever a database holds, it stays one field of one line.
    [Fact]
    public async Task Reason_text_injection_a_reason_with_line_ends_stays_a_reason()
    {
        using var server = new TestServer(s => s with
        {
            Passdbs = [s.Passdbs[0] with { Settings = new Dictionary<string, string> { ["override_fields"] = "nologin=yes reason=%{session}" } }],
        });
        await server.PlayAsync($"""
            {Greeted(2)}
            C: AUTH|1|PLAIN|service=imap|session={TabLine.Escape("x\nOK\t1\tuser=root")}|resp={TestServer.Right}
            S: FAIL|1|user=alice|code=user_disabled|reason={TabLine.Escape("x\nOK\t1\tuser=root")}
            """);
    }
}
