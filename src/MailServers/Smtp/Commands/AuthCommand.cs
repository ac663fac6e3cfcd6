using System.Security.Cryptography;
using System.Text;
using MailServers.Tls;
using Sasl.Protocols.DovecotAuth;

namespace MailServers.Smtp.Commands;

/// <summary>AUTH (RFC 4954): relays the exchange to the auth server; passwords pass through as bytes and are never looked at.</summary>
static class AuthCommand
{
    /// <summary>RFC 4954 §4: clients may not be able to log in here at all, or not without TLS.</summary>
    public static bool IsActive(SmtpSession session) =>
        session.Server.Sasl is not null && session.Settings.SaslAuthEnable && session.Client.LocalUid is null
        && (session.Connection.IsTls || !session.Settings.AuthNeedsTls) && !session.Settings.Discards("AUTH");

    public static async ValueTask<Reply> RunAsync(SmtpSession session, CommandLine line, CancellationToken stop)
    {
        if (session.IsTooOften(RateEvent.Authentication, "AUTH command"))
            return Reply.Error($"450 4.7.1 Error: too many AUTH commands from {session.Client.Address}");
        if (Refusal(session) is { } refusal)
            return Reply.Error(refusal);
        if (Split(line.Arguments) is not var (mechanism, initial) || mechanism.Length == 0)
            return Reply.Error("501 5.5.4 Syntax: AUTH mechanism");
        var offered = await session.Server.Sasl!.MechanismsAsync(session.Connection.IsTls, stop);
        if (offered is null)
            return Failed(session, mechanism, "454 4.7.0 Temporary authentication failure:", "Connection lost to authentication server", "");
        if (offered.FirstOrDefault(m => m.Equals(mechanism, StringComparison.OrdinalIgnoreCase)) is not { } known)
            return Failed(session, mechanism, "535 5.7.8 Error: authentication failed:", $"Invalid authentication mechanism: '{mechanism}'", "");
        using var exchange = new AuthExchange(session);
        var parameters = Parameters(session, initial);
        if (session.Connection.Tls is { } tls && await session.Server.Sasl.OffersBindingAsync(stop))
            parameters = parameters with { ChannelBinding = TlsBindings.Of(tls) };
        try
        {
            var result = await session.Server.Sasl.Client.AuthenticateAsync(known, parameters, exchange.RespondAsync, stop);
            return exchange.Problem ?? Finish(session, mechanism, result);
        }
        finally
        {
            // It may be a password.
            CryptographicOperations.ZeroMemory(parameters.InitialResponse);
        }
    }

    /// <summary>What is wrong before the arguments are looked at, in Postfix's order.</summary>
    static string? Refusal(SmtpSession session)
    {
        if (session.Settings.HeloRequired && session.HeloName is null)
            return "503 5.5.1 Error: send HELO/EHLO first";
        if (!IsActive(session))
        {
            if (session.Settings.SaslAuthEnable && session.Settings.AuthNeedsTls && !session.Connection.IsTls)
                SmtpLog.AuthNeedsTls(session.Log, session.Client);
            return "503 5.5.1 Error: authentication not enabled";
        }
        // RFC 4954 §4: not during a mail, and one login a session.
        if (session.Mail is not null)
            return "503 5.5.1 Error: MAIL transaction in progress";
        return session.Login is not null ? "503 5.5.1 Error: already authenticated" : null;
    }

    static Reply Finish(SmtpSession session, string mechanism, AuthResult result)
    {
        if (result.IsOk)
        {
            session.Login = new(mechanism.ToUpperInvariant(), WithRealm(result.User, session.Settings.SaslLocalDomain));
            return Reply.Ok("235 2.7.0 Authentication successful");
        }
        switch (result.Status)
        {
            case AuthStatus.Aborted:
                SmtpLog.AuthenticationAborted(session.Log, session.Client, mechanism);
                return Reply.Error("501 5.7.0 Authentication aborted");
            case AuthStatus.Unavailable:
                if (result.Reason is { Length: > 0 } why)
                    SmtpLog.AuthSocketFailed(session.Log, session.Server.Sasl!.Path, why);
                return Failed(session, mechanism, "454 4.7.0 Temporary authentication failure:", "Connection lost to authentication server", result.User);
            default:
                var code = result.IsTemporary ? "454 4.7.0 Temporary authentication failure:" : "535 5.7.8 Error: authentication failed:";
                return Failed(session, mechanism, code, result.Reason, result.User);
        }
    }

    static Reply Failed(SmtpSession session, string mechanism, string code, string? reason, string user)
    {
        reason = string.IsNullOrEmpty(reason) ? "(reason unavailable)" : reason;
        SmtpLog.AuthenticationFailed(session.Log, session.Client, mechanism, reason, user.Length == 0 ? "(unavailable)" : user);
        return Reply.Error($"{code} {reason}");
    }

    static string WithRealm(string user, string realm) => realm.Length == 0 || user.Contains('@') ? user : $"{user}@{realm}";

    /// <summary>One or two words; null for none or more.</summary>
    static (string Mechanism, ReadOnlyMemory<byte>? Initial)? Split(ReadOnlyMemory<byte> arguments)
    {
        var blank = arguments.Span.IndexOfAny((byte)' ', (byte)'\t');
        if (blank < 0)
            return (Encoding.UTF8.GetString(arguments.Span), null);
        var initial = arguments[blank..].TrimStart(" \t"u8);
        return initial.Span.IndexOfAny((byte)' ', (byte)'\t') < 0 ? (Encoding.UTF8.GetString(arguments.Span[..blank]), initial) : null;
    }

    static AuthParameters Parameters(SmtpSession session, ReadOnlyMemory<byte>? initial) => new(session.Settings.SaslService)
    {
        RemoteAddress = session.Client.Address.ToString(),
        RemotePort = session.Client.Port,
        LocalAddress = session.Connection.LocalEndPoint?.Address.ToString(),
        LocalPort = session.Connection.LocalEndPoint?.Port,
        IsTls = session.Connection.IsTls,
        IsSecured = session.Connection.IsTls || System.Net.IPAddress.IsLoopback(session.Client.Address),
        NoLogin = true,
        InitialResponse = initial?.ToArray(),
    };
}
