using System.Text;
using Sasl.Mechanisms;

namespace MailServers.Queue.SmtpClient;

/// <summary>AUTH as a client (RFC 4954 §4): the strongest mechanism that both know and the options allow.</summary>
static class SaslLogin
{
    static readonly SaslProfile _profile = SaslProfile.Smtp;

    /// <summary>Null when we are in; else the reason, for the log and the deferral.</summary>
    public static async Task<string?> AuthenticateAsync(ClientSession session, string host, Features features, string login, IReadOnlyList<string> options, TimeSpan timeout, CancellationToken stop)
    {
        var colon = login.IndexOf(':');
        var (user, password) = colon < 0 ? (login, "") : (login[..colon], login[(colon + 1)..]);
        var tls = session.Connection.Tls;
        var channel = new SaslChannel { Service = _profile.Service, HostName = host, IsEncrypted = tls is not null, Bindings = tls is null ? null : ChannelBindings.Of(tls) };
        var client = new SaslClient(new(user, "", Encoding.UTF8.GetBytes(password)), channel, new() { Policy = Policy(options) });
        string? last = null;
        while (true)
        {
            using var sasl = client.Next(features.Mechanisms).Session;
            if (sasl is null)
                return last ?? $"SASL authentication failed: server {session.Peer} offered no compatible authentication mechanisms for this type of connection security";
            (last, var wasAsked) = await AuthenticateAsync(session, sasl, timeout, stop);
            // Each refused password counts against us at the server. Only the two sides' binding types may differ where the password is right.
            if (last is null || (wasAsked && !sasl.Mechanism.Flags.HasFlag(MechanismFlags.ChannelBinding)))
                return last;
        }
    }

    // smtp_sasl_security_options says whether passwords may pass in the clear.
    static SaslPolicy Policy(IReadOnlyList<string> options) => new()
    {
        PlaintextOnlyUnderTls = false, NoPlaintext = options.Contains("noplaintext"), NoAnonymous = options.Contains("noanonymous"),
        NoActive = options.Contains("noactive"), NoDictionary = options.Contains("nodictionary"), MutualAuth = options.Contains("mutual_auth"),
        ForwardSecrecy = options.Contains("forward_secrecy"),
    };

    /// <summary>The reason or null, and whether the server was asked at all: our password may be none for the mechanism.</summary>
    static async Task<(string? Refusal, bool WasAsked)> AuthenticateAsync(ClientSession session, SaslClientSession sasl, TimeSpan timeout, CancellationToken stop)
    {
        using var client = new ClientProfile(_profile, sasl);
        var mechanism = sasl.Mechanism.Name;
        var command = $"AUTH {mechanism}";
        var step = await client.StartAsync(command, stop: stop);
        if (step.Outcome is SaslOutcome.Failure unable)
            return ($"SASL authentication failed; {unable.Reason}", false);
        if (step.Text is { } initial)
            command += $" {Encoding.ASCII.GetString(initial)}";
        var reply = await session.CommandAsync(command, $"performing the AUTH {mechanism} handshake", timeout, stop);
        while (reply.Code == 334 && !step.IsFinished)
        {
            step = await client.AnswerAsync(Encoding.UTF8.GetBytes(reply.Lines[^1].Trim()), stop);
            reply = await session.CommandAsync(Encoding.ASCII.GetString(step.Text!), session.Phase, timeout, stop);
        }
        if (reply.Code != 235)
            return ($"SASL authentication failed; server {session.Peer} said: {reply.Text}", true);
        return (await client.FinishAsync(stop: stop) is SaslOutcome.Success ? null : $"SASL authentication failed; server {session.Peer} could not prove itself", true);
    }
}
