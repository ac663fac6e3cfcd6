using System.Text;

namespace Sasl.Mechanisms.Tests.Profiles;

public sealed class ServerProfileTests
{
    static readonly SaslProfile[] _withLines = [SaslProfile.Smtp, SaslProfile.Lmtp, SaslProfile.Imap, SaslProfile.Pop3];

    static readonly SaslProfile[] _all = [.. _withLines, SaslProfile.ManageSieve, SaslProfile.Ldap, SaslProfile.Xmpp];

    public static TheoryData<string> Names => [.. _all.Select(p => p.Name)];

    public static TheoryData<string> WithBase64 => [.. _all.Where(p => p.Form != SaslForm.Octets).Select(p => p.Name)];

    public static TheoryData<string> WithMark => [.. _all.Where(p => p.AbortMark is not null).Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(WithMark))]
    public async Task The_client_gives_up_with_a_star(string name)
    {
        using var server = Server(name, "PLAIN");
        Assert.Empty(Inner(await server.StartAsync(null)));
        var step = await server.AnswerAsync("*"u8.ToArray());
        Assert.Equal((ProfileFault.Aborted, null), (step.Fault, step.Text));
        Assert.IsType<SaslOutcome.Failure>(step.Outcome);
        // It is over, whatever comes.
        Assert.Equal(step, await server.AnswerAsync(Find(name).Encode(SaslPlace.Response, "\0user\0pencil"u8.ToArray())));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_client_gives_up_by_other_means(string name)
    {
        using var server = Server(name, "PLAIN");
        await server.StartAsync(null);
        Assert.Equal(ProfileFault.Aborted, server.Abort().Fault);
        Assert.Equal(ProfileFault.Aborted, (await server.AnswerAsync(null)).Fault);
    }

    [Theory]
    [MemberData(nameof(WithBase64))]
    public async Task Bad_base64_ends_the_exchange(string name)
    {
        foreach (var text in new[] { "AHVzZXIAcGVuY2l", "AHVzZXIAcGVuY2ls=", "AHVzZXIA cGVuY2ls", "*AHVzZXIAcGVuY2ls", "\"", "\u00e9" })
        {
            using var first = Server(name, "PLAIN");
            Check(await first.StartAsync(Encoding.Latin1.GetBytes(text)));
            using var later = Server(name, "PLAIN");
            await later.StartAsync(null);
            Check(await later.AnswerAsync(Encoding.Latin1.GetBytes(text)));
        }

        static void Check(ProfileStep step)
        {
            Assert.Equal((ProfileFault.Encoding, null), (step.Fault, step.Text));
            Assert.Equal(FailureKind.MalformedMessage, Assert.IsType<SaslOutcome.Failure>(step.Outcome).Kind);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_wrong_password_is_the_mechanisms_failure(string name)
    {
        using var server = Server(name, "PLAIN");
        var step = await server.StartAsync(Find(name).Encode(SaslPlace.Initial, "\0user\0crayon"u8.ToArray()));
        Assert.Equal((ProfileFault.None, FailureKind.BadCredentials), (step.Fault, Assert.IsType<SaslOutcome.Failure>(step.Outcome).Kind));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task No_initial_response_where_the_server_speaks_first(string name)
    {
        using var with = Server(name, "CRAM-MD5");
        Assert.Equal(FailureKind.MalformedMessage, Assert.IsType<SaslOutcome.Failure>((await with.StartAsync(Find(name).Encode(SaslPlace.Initial, []))).Outcome).Kind);
        using var without = Server(name, "CRAM-MD5");
        Assert.NotEmpty(Inner(await without.StartAsync(null)));
    }

    // RFC 4422 §3.6: the data go in a challenge of their own, and the answer is empty.
    [Theory]
    [InlineData("", true)]
    [InlineData("AA==", false)]
    [InlineData("*", false)]
    [InlineData("=", false)]
    public async Task The_last_data_where_a_success_has_no_room_for_them(string answer, bool isGood)
    {
        foreach (var profile in _withLines)
        {
            using var server = new ServerProfile(profile, new(WithFinalData("done"u8.ToArray()), new Pencil()));
            var step = await server.StartAsync(null);
            step = await server.AnswerAsync("Z28="u8.ToArray());
            Assert.Equal("ZG9uZQ==", Encoding.ASCII.GetString(step.Text!));
            Assert.Null(step.Outcome);
            step = await server.AnswerAsync(Encoding.ASCII.GetBytes(answer));
            Assert.Equal(isGood, step.Outcome is SaslOutcome.Success);
        }
    }

    [Theory]
    [InlineData("ManageSieve", "\"\"", "\"ZG9uZQ==\"")]
    [InlineData("LDAP", "", "done")]
    [InlineData("XMPP", "=", "ZG9uZQ==")]
    public async Task Data_with_the_success(string name, string empty, string full)
    {
        foreach (var (data, expected) in new[] { (Array.Empty<byte>(), empty), ("done"u8.ToArray(), full) })
        {
            using var server = new ServerProfile(Find(name), new(WithFinalData(data), new Pencil()));
            var step = await server.StartAsync(Find(name).Encode(SaslPlace.Initial, "go"u8.ToArray()));
            Assert.IsType<SaslOutcome.Success>(step.Outcome);
            Assert.Equal(expected, Encoding.ASCII.GetString(step.Text!));
        }
    }

    // RFC 4511 §4.2: the field may be absent, which a client that has nothing to say may do too.
    [Fact]
    public async Task LDAP_knows_absent_credentials_from_empty_ones()
    {
        using var absent = Server("LDAP", "EXTERNAL");
        Assert.NotNull((await absent.StartAsync(null)).Text);
        using var empty = Server("LDAP", "EXTERNAL");
        Assert.True((await empty.StartAsync([])).IsFinished);
        Assert.True((await absent.AnswerAsync(null)).IsFinished);
    }

    static SaslMechanism WithFinalData(byte[] data) => new("TEST", FirstMessage.Client, MechanismFlags.None, 0, async (client, _, _) =>
    {
        await client.FirstAsync();
        return new SaslOutcome.Success("user", "user", data);
    }, (_, _, _) => throw new NotSupportedException());

    static string Inner(ProfileStep step) => Encoding.ASCII.GetString(step.Text!).Trim('"');

    static ServerProfile Server(string name, string mechanism) => new(Find(name), new(SaslMechanisms.Find(mechanism)!, new Pencil(), new() { ExternalId = "user", IsEncrypted = true }));

    static SaslProfile Find(string name) => _all.Single(p => p.Name == name);
}
