using Sasl.Protocols.Saslauthd;
using Saslauthd;
using Saslauthd.Requests;

namespace Sasl.Credentials.Tests.Saslauthd;

public sealed class VerifierTests
{
    readonly ListLog _log = new();

    [Fact]
    public async Task The_lines_are_those_that_log_scanners_know()
    {
        await AskAsync(FakeSource.Bob, "bob", "falsch", "example.com");
        await AskAsync(FakeSource.Bob, "bob", "geheim", "");
        await AskAsync(FakeSource.Bob, "eve", "falsch", "", "192.0.2.7;4711");
        await AskAsync(new FakeSource(_ => new(VerdictKind.Refused, ""), "sasldb"), "bob", "x", "");
        Assert.Equal(
        [
            "Information|do_auth         : auth failure: [user=bob] [service=smtp] [realm=example.com] [mech=shadow] [reason=Incorrect password]",
            "Debug|do_auth         : auth success: [user=bob] [service=smtp] [realm=] [mech=shadow]",
            "Information|do_auth         : auth failure: [user=eve] [service=smtp] [realm=] [remote=192.0.2.7;4711] [mech=shadow] [reason=Invalid username]",
            "Information|do_auth         : auth failure: [user=bob] [service=smtp] [realm=] [mech=sasldb] [reason=Unknown]",
        ], _log.Lines);
    }

    [Fact]
    public async Task Successes_are_told_at_info_when_that_is_wanted_remembered_ones_too()
    {
        var verifier = new Verifier(new([FakeSource.Bob]), new SuccessCache(10, TimeSpan.FromHours(8), TimeProvider.System), false, _log, Microsoft.Extensions.Logging.LogLevel.Information);
        foreach (var remote in new[] { null, null, "192.0.2.7;25" })
            await verifier.TestAsync(Request("bob", "geheim", "", remote));
        Assert.Equal(
        [
            "Information|do_auth         : auth success: [user=bob] [service=smtp] [realm=] [mech=shadow]",
            "Information|do_auth         : auth success (cached): [user=bob] [service=smtp] [realm=]",
            "Information|do_auth         : auth success (cached): [user=bob] [service=smtp] [realm=] [remote=192.0.2.7;25]",
        ], _log.Lines);
    }

    [Fact]
    public async Task User_enumeration_an_unknown_user_hears_what_a_wrong_password_hears() =>
        Assert.Equal(await AskAsync(FakeSource.Bob, "bob", "falsch", ""), await AskAsync(FakeSource.Bob, "eve", "falsch", ""));

    [Theory]
    [InlineData(VerdictKind.Disabled, "Account expired", "NO Account expired")]
    [InlineData(VerdictKind.Expired, "Password expired", "NO Password expired")]
    [InlineData(VerdictKind.Unavailable, "getspnam: Permission denied", "NO internal mechanism failure")]
    public async Task Other_verdicts_have_texts_of_their_own(VerdictKind kind, string reason, string reply)
    {
        Assert.Equal(reply, await AskAsync(new FakeSource(_ => new(kind, reason)), "bob", "x", ""));
        Assert.EndsWith($"[reason={reason}]", _log.Lines.Single());
    }

    [Theory]
    [InlineData("bob\nNov 24 00:00:00 host saslauthd[1]: do_auth         : auth success")]
    [InlineData("bob] [service=x] [realm=] [remote=198.51.100.1;1] [mech=shadow")]
    [InlineData("bob\u001b[2J")]
    [InlineData("bob\u0085next")]
    public async Task Log_injection_a_name_stays_within_its_brackets(string user)
    {
        Assert.Equal("NO authentication failed", await AskAsync(FakeSource.Bob, user, "x", user));
        var line = Assert.Single(_log.Lines);
        Assert.DoesNotContain(line, char.IsControl);
        Assert.Equal(5, line.Count(c => c == '['));
        Assert.Equal(5, line.Count(c => c == ']'));
    }

    [Fact]
    public async Task Control_characters_in_a_login_reach_no_mechanism()
    {
        var source = FakeSource.Bob;
        await AskAsync(source, "bob\t", "geheim", "");
        Assert.Empty(source.Asked);
    }

    [Theory]
    [InlineData("example.com", "bob@example.com")]
    [InlineData("", "bob")]
    public async Task With_r_the_login_carries_the_realm_which_is_passed_on_too(string realm, string login)
    {
        var source = FakeSource.Bob;
        await new Verifier(new([source]), null, appendRealm: true, _log).TestAsync(Request("bob", "x", realm));
        Assert.Equal((login, realm), (source.Asked.Single().User, source.Asked.Single().Realm));
    }

    [Fact]
    public async Task With_c_a_second_login_asks_nobody_and_a_wrong_password_asks_again()
    {
        var source = FakeSource.Bob;
        var verifier = new Verifier(new([source]), new SuccessCache(10, TimeSpan.FromHours(8), TimeProvider.System), false, _log);
        foreach (var (password, reply, asked) in new[] { ("falsch", "NO authentication failed", 1), ("geheim", "OK", 2), ("geheim", "OK", 2), ("falsch", "NO authentication failed", 3) })
        {
            Assert.Equal(reply, await verifier.TestAsync(Request("bob", password, "")));
            Assert.Equal(asked, source.Asked.Count);
        }
        Assert.Contains("Debug|do_auth         : auth success (cached): [user=bob] [service=smtp] [realm=]", _log.Lines);
    }

    ValueTask<string> AskAsync(FakeSource source, string user, string password, string realm, string? remote = null) =>
        new Verifier(new([source]), null, false, _log).TestAsync(Request(user, password, realm, remote));

    static SaslauthdRequest Request(string user, string password, string realm, string? remote = null) =>
        new(user, System.Text.Encoding.UTF8.GetBytes(password), "smtp", realm, remote);
}

static class WholeAnswer
{
    /// <summary>What is remembered, and else the mechanisms: as a request without limits meets them.</summary>
    public static ValueTask<string> TestAsync(this Verifier verifier, SaslauthdRequest request) =>
        new Reception(verifier, AccessList.Everybody, new(1, 1), new(RequestCodec.LongestPassword), new(new ListLog(), TimeProvider.System)).AnswerAsync(request, () => 0, null, default);
}
