using System.Security.Authentication;
using Interop.Tests.Peers;
using Interop.Tests.Wire;
using Sasl.Mechanisms;

namespace Interop.Tests;

/// <summary>Somebody has broken TLS open, with a certificate that the client has let pass. The channel binding is what is left.</summary>
public sealed class ManInTheMiddleTests
{
    const string Bound = "SCRAM-SHA-256-PLUS", Unbound = "SCRAM-SHA-256";

    static readonly Dictionary<string, MailClient> _clients = new() { ["gsasl"] = MailClients.GsaslAsync, ["MailKit"] = MailClients.MailKitAsync, ["Cyrus"] = MailClients.CyrusAsync, ["ours"] = OursAsync };

    // The exporter, the unique one and the end point's, as each client has it.
    [Theory]
    [InlineData("gsasl", SslProtocols.Tls13, true)]
    [InlineData("gsasl", SslProtocols.Tls12, false)]
    [InlineData("MailKit", SslProtocols.Tls13, true)]
    [InlineData("MailKit", SslProtocols.Tls12, false)]
    [InlineData("Cyrus", SslProtocols.Tls12, false)]
    [InlineData("ours", SslProtocols.Tls13, true)]
    [InlineData("ours", SslProtocols.Tls12, false)]
    public async Task A_client_that_is_bound_to_its_tls_is_refused(string client, SslProtocols tls, bool isImap)
    {
        await using var server = new TestServer(new(isImap) { Tls = tls });
        await using var middle = new ManInTheMiddle(server.Port);
        var (isIn, said) = await _clients[client](isImap, middle.Port, new(Bound) { Binding = ("", []) });
        Assert.False(isIn, said);
        var outcomes = await server.OutcomesAsync();
        Assert.True(outcomes is [SaslOutcome.Failure { Kind: FailureKind.ChannelBinding }], $"{string.Join('\n', outcomes)}\n{said}\n{server.Transcript}");
    }

    // So that the test above fails for its reason and no other.
    [Theory]
    [InlineData("gsasl")]
    [InlineData("MailKit")]
    public async Task A_client_that_is_not_gets_through(string client)
    {
        await using var server = new TestServer(new(IsImap: false));
        await using var middle = new ManInTheMiddle(server.Port);
        var (isIn, said) = await _clients[client](false, middle.Port, new(Unbound));
        var outcomes = await server.OutcomesAsync();
        Assert.True(isIn && outcomes is [SaslOutcome.Success], $"{said}\n{server.Transcript}");
    }

    // RFC 5802 §6: who has bindings and sees no -PLUS says "y"; a server that did offer them then knows that somebody took them out.
    // gsasl does not let it come so far: it gives up by itself.
    [Theory]
    [InlineData("gsasl", FailureKind.ServerNotTrusted)]
    [InlineData("ours", FailureKind.ChannelBinding)]
    public async Task Taking_the_bound_mechanisms_out_of_the_offer_is_noticed(string client, FailureKind kind)
    {
        await using var server = new TestServer(new(IsImap: true) { Mechanisms = [Bound, Unbound] });
        await using var middle = new ManInTheMiddle(server.Port, line => line.Replace(" AUTH=" + Bound, "", StringComparison.Ordinal));
        var (isIn, said) = await _clients[client](true, middle.Port, new(Unbound) { Binding = ("", []) });
        Assert.False(isIn, said);
        var outcomes = await server.OutcomesAsync();
        Assert.True(outcomes is [SaslOutcome.Failure failure] && failure.Kind == kind, $"{string.Join('\n', outcomes)}\n{said}\n{server.Transcript}");
    }

    [Theory]
    [InlineData(BindingFallback.Stop)]
    [InlineData(BindingFallback.NoPlaintext)]
    public async Task After_a_bound_mechanism_has_failed_our_client_does_not_hand_the_password_over(BindingFallback fallback)
    {
        await using var server = new TestServer(new(IsImap: true) { Mechanisms = [Bound, "CRAM-MD5", "PLAIN", "LOGIN"] });
        await using var middle = new ManInTheMiddle(server.Port);
        var tried = new List<string>();
        await using var connection = await MailConnection.ConnectAsync(isImap: true, middle.Port, startTls: true);
        var client = new SaslClient(new Login("").Credentials, connection.Channel, new() { Policy = new() { AfterBindingFailure = fallback } });
        while (client.Next(connection.Mechanisms).Session is { } session)
        {
            using (session)
            {
                tried.Add(session.Mechanism.Name);
                await Exchange.LogInAsync(session, connection, new(session.Mechanism.Name));
            }
        }
        Assert.Equal(fallback == BindingFallback.Stop ? [Bound] : [Bound, "CRAM-MD5"], tried);
    }

    static async Task<(bool IsIn, string Said)> OursAsync(bool isImap, int port, Login login)
    {
        await using var connection = await MailConnection.ConnectAsync(isImap, port, startTls: true);
        var (session, reason) = new SaslClient(login.Credentials, connection.Channel, new() { Policy = new() { Allowed = [login.Mechanism] } }).Next(connection.Mechanisms);
        Assert.True(session is not null, reason);
        using (session)
        {
            var ended = await Exchange.LogInAsync(session, connection, login);
            return (ended is { Theirs: true, Ours: SaslOutcome.Success }, ended.Transcript);
        }
    }
}
