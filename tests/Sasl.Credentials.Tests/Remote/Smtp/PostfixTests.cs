using Sasl.Credentials.Tests.Remote.Peers;
using Testing;

namespace Sasl.Credentials.Tests.Remote.Smtp;

/// <summary>smtp against Debian's Postfix with Dovecot behind it.</summary>
public sealed class PostfixTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    public PostfixTests()
    {
        File.WriteAllText(_directory["ca.pem"], Authority.Ours.Pem);
        File.WriteAllText(_directory["other.pem"], Authority.Other.Pem);
    }

    public void Dispose() => _directory.Dispose();

    [RequiresTheory(root: true, program: "/usr/sbin/postfix")]
    [InlineData("smtp://127.0.0.1:PORT?starttls=no", "")]
    [InlineData("smtp://localhost:PORT", "remote_ca_file: CA")]
    [InlineData("submission://localhost:STRICT?starttls=required", "remote_ca_file: CA")]
    [InlineData("smtps://localhost:TLS", "remote_ca_file: CA\nremote_min_protocol: TLSv1.3")]
    public async Task Every_user_gets_in_with_his_own_password_only(string option, string settings)
    {
        var source = await MakeAsync(option, settings);
        foreach (var (user, password) in Dovecot.Users)
        {
            var explanation = new Explanation();
            Assert.True(Asking.Ok == await source.AskAsync(user, password, explanation), $"{user}: {string.Join('\n', explanation.Steps)}");
        }
        Assert.Equal(Asking.Rejected, await source.AskAsync("alice", "falsch"));
        Assert.Equal(Asking.Rejected, await source.AskAsync("nobody", "geheim"));
        Assert.Equal(Asking.Rejected, await source.AskAsync("alice", "x\r\nQUIT\r\n"));
    }

    [RequiresTheory(root: true, program: "/usr/sbin/postfix")]
    [InlineData("smtp://localhost:PORT", "remote_ca_file: OTHER", Asking.NoContact)]
    [InlineData("smtps://localhost:TLS", "", Asking.NoContact)]
    [InlineData("smtp://localhost:STRICT?starttls=no", "", Asking.Unexpected)]
    [InlineData("smtp://localhost:BROKEN?starttls=no", "remote_timeout: 2s", Asking.Synchronizing)]
    public async Task A_server_that_is_not_as_it_should_be_cannot_be_asked(string option, string settings, string reason)
    {
        var verdict = await (await MakeAsync(option, settings)).AskAsync("alice", "geheim");
        Assert.Equal(VerdictKind.Unavailable, verdict.Kind);
        Assert.StartsWith(reason, verdict.Reason);
    }

    async Task<IPasswordSource> MakeAsync(string option, string settings)
    {
        var postfix = await Postfix.GetAsync();
        return Asking.Make("smtp", option.Replace("PORT", $"{postfix.Port}").Replace("STRICT", $"{postfix.StrictPort}").Replace("TLS", $"{postfix.TlsPort}").Replace("BROKEN", $"{postfix.BrokenPort}"),
            settings.Replace("OTHER", _directory["other.pem"]).Replace("CA", _directory["ca.pem"]));
    }
}
