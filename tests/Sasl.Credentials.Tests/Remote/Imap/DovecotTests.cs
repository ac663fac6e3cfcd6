using Sasl.Credentials.Tests.Remote.Peers;
using Testing;

namespace Sasl.Credentials.Tests.Remote.Imap;

/// <summary>rimap and imap against Debian's Dovecot.</summary>
public sealed class DovecotTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    public DovecotTests()
    {
        File.WriteAllText(_directory["ca.pem"], Authority.Ours.Pem);
        File.WriteAllText(_directory["other.pem"], Authority.Other.Pem);
    }

    public void Dispose() => _directory.Dispose();

    public static TheoryData<string, string, string> Ways => new()
    {
        { "rimap", "127.0.0.1/PORT", "" },
        { "rimap", "localhost/PORT", "rimap_tls: starttls\nrimap_ca_file: CA" },
        { "rimap", "127.0.0.1/TLSPORT", "rimap_tls: yes\nrimap_ca_file: CA\nrimap_min_protocol: TLSv1.3" },
        { "imap", "imap://localhost:PORT", "remote_ca_file: CA" },
        { "imap", "imap://127.0.0.1:PORT?starttls=no", "" },
        { "imap", "imap://localhost:PORT?starttls=required", "remote_ca_file: CA" },
        { "imap", "imaps://localhost:TLSPORT", "remote_ca_file: CA" },
    };

    [RequiresTheory(root: true, program: Dovecot.Program)]
    [MemberData(nameof(Ways))]
    public async Task Every_user_gets_in_with_his_own_password_only(string mechanism, string option, string settings)
    {
        var source = await MakeAsync(mechanism, option, settings);
        foreach (var (user, password) in Dovecot.Users)
        {
            var explanation = new Explanation();
            Assert.True(Asking.Ok == await source.AskAsync(user, password, explanation), $"{user}: {string.Join('\n', explanation.Steps)}");
        }
        Assert.Equal(Asking.Rejected, await source.AskAsync("alice", "falsch"));
        Assert.Equal(Asking.Rejected, await source.AskAsync("nobody", "geheim"));
        Assert.Equal(Asking.Rejected, await source.AskAsync("alice", "geheim "));
    }

    [RequiresTheory(root: true, program: Dovecot.Program)]
    [InlineData("rimap", "localhost/PORT", "rimap_tls: starttls\nrimap_ca_file: OTHER")]
    [InlineData("rimap", "localhost/PORT", "rimap_tls: starttls")]
    [InlineData("rimap", "127.0.0.2/TLSPORT", "rimap_tls: yes\nrimap_ca_file: CA")]
    [InlineData("imap", "imap://localhost:PORT", "remote_ca_file: OTHER")]
    [InlineData("imap", "imaps://localhost:TLSPORT", "")]
    public async Task A_server_with_another_authority_or_name_hears_no_password(string mechanism, string option, string settings)
    {
        var log = new ListLog();
        var verdict = await (await MakeAsync(mechanism, option, settings, log)).AskAsync("alice", "geheim");
        Assert.Equal(VerdictKind.Unavailable, verdict.Kind);
        Assert.StartsWith(Asking.NoContact, verdict.Reason);
    }

    // Dovecot takes no such password; what matters is that it is one.
    [RequiresTheory(root: true, program: Dovecot.Program)]
    [InlineData("x\" \"\r\nsaslauthd OK\r\n")]
    [InlineData("x\"\r\nsaslauthd LOGIN alice geheim\r\n")]
    public async Task Attack_IMAP_command_injection_a_password_with_line_ends_is_no_command(string password)
    {
        var source = await MakeAsync("rimap", "127.0.0.1/PORT", "");
        Assert.Equal(Asking.Rejected, await source.AskAsync("alice", password));
        Assert.Equal(Asking.Rejected, await source.AskAsync(password, "geheim"));
    }

    [RequiresFact(root: true, program: Dovecot.Program)]
    public async Task Without_verification_any_certificate_will_do()
    {
        var source = await MakeAsync("rimap", "localhost/TLSPORT", "rimap_tls: yes\nrimap_verify: no\nrimap_ca_file: OTHER");
        Assert.Equal(Asking.Ok, await source.AskAsync("alice", "geheim"));
    }

    [RequiresFact(root: true, program: Dovecot.Program)]
    public async Task Many_at_once()
    {
        var source = await MakeAsync("rimap", "127.0.0.1/PORT", "");
        var verdicts = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => source.AskAsync("alice", i % 2 == 0 ? "geheim" : "falsch")));
        Assert.All(verdicts.Index(), v => Assert.Equal(v.Index % 2 == 0 ? Asking.Ok : Asking.Rejected, v.Item));
    }

    [RequiresFact(root: true, program: Dovecot.Program)]
    public async Task The_steps_are_told_without_the_password()
    {
        var explanation = new Explanation();
        await (await MakeAsync("imap", "imap://localhost:PORT", "remote_ca_file: CA")).AskAsync("alice", "geheim", explanation);
        Assert.Contains(explanation.Steps, s => s.Contains("connected"));
        Assert.Contains(explanation.Steps, s => s.Contains("Tls13"));
        Assert.Contains(explanation.Steps, s => s.Contains("AUTHENTICATE PLAIN"));
        Assert.DoesNotContain(explanation.Steps, s => s.Contains("geheim") || s.Contains("Z2VoZWlt"));
    }

    async Task<IPasswordSource> MakeAsync(string mechanism, string option, string settings, ListLog? log = null)
    {
        var dovecot = await Dovecot.GetAsync();
        return Asking.Make(mechanism, option.Replace("TLSPORT", $"{dovecot.TlsPort}").Replace("PORT", $"{dovecot.Port}"),
            settings.Replace("OTHER", _directory["other.pem"]).Replace("CA", _directory["ca.pem"]), log);
    }
}
