// The one way in, for LOGIN, AUTHENTICATE, USER/PASS and AUTH:
//   1. policy: is authentication, and is this mechanism, allowed on this line?
//   2. the auth server runs the mechanism; the client's responses are carried to it, unread but for "*"
//   3. success: hand the session over;  else: one refusal, told by the protocol's table
using System.Runtime.InteropServices;
using MailServers.Tls;
using Sasl.Hosting.Logging;
using Sasl.Hosting.Net;
using Sasl.Mechanisms;
using Sasl.Protocols;
using Sasl.Protocols.DovecotAuth;

namespace MailServers.Login;

static class LoginAttempt
{
    /// <summary>Base64 of one response: what Dovecot's login processes take.</summary>
    public const int LongestResponse = 8192;

    /// <summary>Null when the client was refused, has been told, and may go on.</summary>
    /// <param name="tag">IMAP's tag, for the worker's answer and for the refusal.</param>
    /// <param name="user">The name when the command had one, else empty; for the log.</param>
    /// <param name="initialResponse">As <see cref="AuthParameters.InitialResponse"/>.</param>
    public static async Task<LoginEnd?> RunAsync(LoginClient client, string tag, string user, string mechanism, byte[]? initialResponse)
    {
        mechanism = mechanism.ToUpperInvariant();
        client.History.Begin(user, mechanism);
        LoginRefusal refusal;
        try
        {
            if (await RefuseByPolicyAsync(client, mechanism, initialResponse is not null) is { } byPolicy)
            {
                refusal = byPolicy;
            }
            else
            {
                var exchange = new Exchange(client);
                var result = await client.Host.Auth.AuthenticateAsync(mechanism, Parameters(client, initialResponse), exchange.RespondAsync, client.Over);
                if (exchange.End is { } end)
                    return end;
                if (result.Reference is { } reference && TabLine.Value([.. result.Fields], "nologin") is null)
                {
                    client.History.Succeeded(result.User);
                    return await HandOff.RunAsync(client, reference, tag);
                }
                refusal = exchange.Refusal ?? Judge(client, result);
                user = result.User;
            }
        }
        catch (OperationCanceledException)
        {
            return client.OverEnd;
        }
        client.History.Failed(user, refusal);
        client.Host.Dialect.Refuse(client, tag, refusal);
        return null;
    }

    static async ValueTask<LoginRefusal?> RefuseByPolicyAsync(LoginClient client, string mechanism, bool secretSent)
    {
        var exposed = new LoginRefusal(RefusalKind.PrivacyRequired) { SecretExposed = secretSent && !client.Policy.Secured };
        if (!client.Policy.AuthenticationAllowed)
            return exposed;
        if (await client.Host.Auth.HandshakeAsync(client.Over) is not { } server)
        {
            LoginLog.AuthUnavailable(client.Host.Log, client.Host.Auth.Problem, client.Session);
            return new(RefusalKind.Unavailable);
        }
        // The auth server drops the whole connection, everybody's, for a mechanism that it does not know.
        if (LoginMechanisms.Find(server, mechanism, client.Connection.IsTls) is not { } known)
            return new(RefusalKind.UnknownMechanism);
        return LoginMechanisms.IsAllowed(known, client.Policy) ? null : exposed;
    }

    static LoginRefusal Judge(LoginClient client, AuthResult result)
    {
        switch (result)
        {
            case { Status: AuthStatus.Unavailable }:
                LoginLog.AuthUnavailable(client.Host.Log, result.Reason ?? "", client.Session);
                return new(RefusalKind.Unavailable);
            case { Status: AuthStatus.Ok }:
                return new(RefusalKind.Disabled);
            default:
                return result.Code switch
                {
                    "temp_fail" => new(RefusalKind.Unavailable),
                    "authz_fail" => new(RefusalKind.NotAuthorized),
                    "user_disabled" => new(RefusalKind.Disabled),
                    "pass_expired" => new(RefusalKind.Expired),
                    "invalid_base64" => new(RefusalKind.InvalidBase64),
                    _ when result.Reason is { Length: > 0 } reason => new(RefusalKind.FailedWithReason, DaemonLog.Printable(reason)),
                    _ => new(RefusalKind.Failed),
                };
        }
    }

    static AuthParameters Parameters(LoginClient client, byte[]? initialResponse) => new(client.Host.Dialect.Protocol)
    {
        RemoteAddress = client.Peer.Remote.ToString(),
        RemotePort = client.Peer.RemotePort,
        LocalAddress = client.Peer.Local.ToString(),
        LocalPort = client.Peer.LocalPort,
        Session = client.Session,
        IsTls = client.Connection.IsTls,
        IsSecured = client.Policy.Secured,
        LocalName = client.Connection.Tls?.TargetHostName is { Length: > 0 } name ? name : null,
        ChannelBinding = TlsBindings.Of(client.Connection.Tls),
        InitialResponse = initialResponse,
    };

    /// <summary>Challenges to the client and responses from it: the same in IMAP (RFC 3501 §6.2.2) and POP3 (RFC 5034 §4).</summary>
    sealed class Exchange(LoginClient client)
    {
        /// <summary>The client has gone or has to.</summary>
        public LoginEnd? End { get; private set; }

        public LoginRefusal? Refusal { get; private set; }

        public async ValueTask<byte[]?> RespondAsync(string challenge)
        {
            client.Connection.WriteLine($"+ {challenge}");
            var line = await client.ReadLineAsync(LongestResponse);
            var response = line.Bytes.ToArray();
            // The reader's buffer lives as long as the connection; a response may be a password.
            MemoryMarshal.AsMemory(line.Bytes).Span.Clear();
            if (line.IsEnd)
                End = client.EndOf(line.Status);
            else if (line.Status == LineStatus.TooLong)
                Refusal = new(RefusalKind.TooLong);
            else if (SaslProfile.Imap.IsAbort(response))
                Refusal = new(RefusalKind.Aborted);
            else
                return response;
            return null;
        }
    }
}
