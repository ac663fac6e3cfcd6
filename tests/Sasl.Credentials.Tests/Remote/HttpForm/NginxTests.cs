using Sasl.Credentials.Tests.Remote.Peers;
using Testing;

namespace Sasl.Credentials.Tests.Remote.HttpForm;

/// <summary>httpform against Debian's nginx, which knows some bodies and refuses all others.</summary>
public sealed class NginxTests : IDisposable
{
    const string Form = "httpform_host: localhost\nhttpform_data: user=%u&pass=%p&realm=%r&service=%s&from=%a\n",
        JsonForm = "httpform_format: json\nhttpform_data: {\"user\":\"%u\",\"password\":\"%p\",\"rate\":\"100%%\"}\n";

    readonly TemporaryDirectory _directory = new();

    public NginxTests()
    {
        File.WriteAllText(_directory["ca.pem"], Authority.Ours.Pem);
        File.WriteAllText(_directory["other.pem"], Authority.Other.Pem);
    }

    public void Dispose() => _directory.Dispose();

    [RequiresTheory(root: true, program: Nginx.Program)]
    [InlineData("httpform_port: PORT\nhttpform_uri: /form\n")]
    [InlineData("httpform_port: TLSPORT\nhttpform_tls: yes\nhttpform_ca_file: CA\nhttpform_uri: /form?x=%20y\n")]
    public async Task Forms(string settings)
    {
        var source = await MakeAsync(Form + settings);
        Assert.Equal(Asking.Ok, await source.AskAsync("alice", "geheim"));
        Assert.Equal(new(VerdictKind.Refused, "Forbidden"), await source.AskAsync("alice", "falsch"));
        Assert.Equal(Asking.Ok, await source.AskAsync("jürgen", "päss wörd\r\n+%"));
    }

    [RequiresFact(root: true, program: Nginx.Program)]
    public async Task Attack_form_injection_an_ampersand_in_a_login_begins_no_field()
    {
        var source = await MakeAsync($"{Form}httpform_port: PORT\nhttpform_uri: /form\n");
        Assert.Equal(Asking.Ok, await source.AskAsync("a&pass=x", "geheim"));
        Assert.Equal(VerdictKind.Refused, (await source.AskAsync("alice&pass=geheim&realm=example.org&service=smtp&from=192.0.2.7&x=", "falsch")).Kind);
    }

    [RequiresFact(root: true, program: Nginx.Program)]
    public async Task Json()
    {
        var source = await MakeAsync($"{JsonForm}httpform_port: PORT\nhttpform_uri: /json\n");
        Assert.Equal(Asking.Ok, await source.AskAsync("alice", "geheim"));
        Assert.Equal(VerdictKind.Refused, (await source.AskAsync("alice", "falsch")).Kind);
        Assert.Contains((await Nginx.GetAsync()).Requests, r => r.StartsWith("/json ", StringComparison.Ordinal) && r.Contains(" application/json "));
    }

    [RequiresFact(root: true, program: Nginx.Program)]
    public async Task Attack_JSON_injection_a_quote_in_a_login_ends_no_string()
    {
        var source = await MakeAsync($"{JsonForm}httpform_port: PORT\nhttpform_uri: /json\n");
        Assert.Equal(Asking.Ok, await source.AskAsync("a\",\"admin\":\"", "\\\r\n"));
        Assert.Equal(VerdictKind.Refused, (await source.AskAsync("alice\",\"password\":\"geheim\",\"rate\":\"100%\"}", "x")).Kind);
    }

    [RequiresTheory(root: true, program: Nginx.Program)]
    [InlineData("/elsewhere")]
    [InlineData("/broken")]
    [InlineData("/busy")]
    [InlineData("/gone")]
    [InlineData("/protected")]
    public async Task Other_answers_are_none(string path)
    {
        var source = await MakeAsync($"{Form}httpform_port: PORT\nhttpform_uri: {path}\n");
        Assert.Equal(new(VerdictKind.Unavailable, Asking.Unexpected), await source.AskAsync("alice", "geheim"));
    }

    [RequiresFact(root: true, program: Nginx.Program)]
    public async Task The_daemon_proves_itself()
    {
        var source = await MakeAsync($"{Form}httpform_port: PORT\nhttpform_uri: /protected\nhttpform_authorization: Bearer t0ken\n");
        Assert.Equal(Asking.Ok, await source.AskAsync("alice", "geheim"));
    }

    [RequiresTheory(root: true, program: Nginx.Program)]
    [InlineData("httpform_ca_file: OTHER\n", "localhost")]
    [InlineData("", "localhost")]
    [InlineData("httpform_ca_file: CA\n", "127.0.0.2")]
    public async Task A_server_with_another_authority_or_name_hears_nothing(string settings, string host)
    {
        var source = await MakeAsync($"httpform_host: {host}\nhttpform_data: user=%u&pass=%p\nhttpform_port: TLSPORT\nhttpform_tls: yes\nhttpform_uri: /wrong-name\n{settings}");
        var verdict = await source.AskAsync("alice", "geheim");
        Assert.Equal(VerdictKind.Unavailable, verdict.Kind);
        Assert.StartsWith(Asking.NoContact, verdict.Reason);
        Assert.DoesNotContain((await Nginx.GetAsync()).Requests, r => r.StartsWith("/wrong-name", StringComparison.Ordinal));
    }

    [RequiresFact(root: true, program: Nginx.Program)]
    public async Task A_connection_is_used_again()
    {
        var source = await MakeAsync($"{Form}httpform_port: PORT\nhttpform_uri: /again\n");
        for (var i = 0; i < 5; i++)
            await source.AskAsync("alice", i % 2 == 0 ? "geheim" : "falsch");
        var nginx = await Nginx.GetAsync();
        await Eventually.TrueAsync(() => nginx.Requests.Any(r => r.StartsWith("/again 5 ", StringComparison.Ordinal)), "five requests on one connection", log: () => string.Join('\n', nginx.Requests));
    }

    [RequiresFact(root: true, program: Nginx.Program)]
    public async Task Many_at_once()
    {
        var source = await MakeAsync($"{Form}httpform_port: PORT\nhttpform_uri: /many\n");
        var verdicts = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => source.AskAsync("alice", i % 2 == 0 ? "geheim" : "falsch")));
        Assert.All(verdicts.Index(), v => Assert.Equal(v.Index % 2 == 0, v.Item.IsOk));
    }

    async Task<IPasswordSource> MakeAsync(string settings)
    {
        var nginx = await Nginx.GetAsync();
        return Asking.Make("httpform", null, settings.Replace("TLSPORT", $"{nginx.TlsPort}").Replace("PORT", $"{nginx.Port}").Replace("OTHER", _directory["other.pem"]).Replace(": CA\n", $": {_directory["ca.pem"]}\n"));
    }
}
