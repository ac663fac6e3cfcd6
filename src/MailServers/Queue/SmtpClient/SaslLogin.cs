using System.Text;
using Sasl.Mechanisms;

namespace MailServers.Queue.SmtpClient;

/// <summary>AUTH as a client (RFC 4954 §4): the strongest mechanism that both know and the options allow.</summary>
static class SaslLogin
{
    // RFC 4954 §4: an initial response must fit the command line; a longer one waits for the challenge.
    const int LongestCommand = 512;

    /// <summary>Null when we are in; else the reason, for the log and the deferral.</summary>
    public static async Task<string?> AuthenticateAsync(ClientSession session, Features features, string login, IReadOnlyList<string> options, TimeSpan timeout, CancellationToken stop)
    {
        var colon = login.IndexOf(':');
        var (user, password) = colon < 0 ? (login, "") : (login[..colon], login[(colon + 1)..]);
        var tls = session.Connection.Tls;
        var channel = new SaslChannel { Service = "smtp", IsEncrypted = tls is not null, Bindings = tls is null ? null : ChannelBindings.Of(tls) };
        var client = new SaslClient(new(user, "", Encoding.UTF8.GetBytes(password)), channel, new() { Policy = Policy(options) });
        while (true)
        {
            using var sasl = client.Next(features.Mechanisms).Session;
            if (sasl is null)
                return $"SASL authentication failed: server {session.Peer} offered no compatible authentication mechanisms for this type of connection security";
            var refusal = await AuthenticateAsync(session, sasl, timeout, stop);
            // Each refused password counts against us at the server. Only the two sides' binding types may differ where the password is right.
            if (refusal is null || !sasl.Mechanism.Flags.HasFlag(MechanismFlags.ChannelBinding))
                return refusal;
        }
    }

    // smtp_sasl_security_options says whether passwords may pass in the clear.
    static SaslPolicy Policy(IReadOnlyList<string> options) => new()
    {
        PlaintextOnlyUnderTls = false, NoPlaintext = options.Contains("noplaintext"), NoAnonymous = options.Contains("noanonymous"),
        NoActive = options.Contains("noactive"), NoDictionary = options.Contains("nodictionary"), MutualAuth = options.Contains("mutual_auth"),
        ForwardSecrecy = options.Contains("forward_secrecy"),
    };

    static async Task<string?> AuthenticateAsync(ClientSession session, SaslClientSession sasl, TimeSpan timeout, CancellationToken stop)
    {
        var start = await sasl.StartAsync(canSendInitial: true, stop);
        if (start.Outcome is SaslOutcome.Failure failure)
            return $"SASL authentication failed; {failure.Reason}";
        var mechanism = sasl.Mechanism.Name;
        var initial = start.Message;
        var command = $"AUTH {mechanism}";
        // RFC 4954 §4: "=" is an empty initial response.
        var encoded = initial is null ? "" : initial.Length == 0 ? " =" : " " + Convert.ToBase64String(initial);
        var isHeldBack = command.Length + encoded.Length + 2 > LongestCommand;
        var reply = await session.CommandAsync(isHeldBack ? command : command + encoded, $"performing the AUTH {mechanism} handshake", timeout, stop);
        while (reply.Code == 334)
        {
            var answer = isHeldBack ? initial! : await AnswerAsync(sasl, reply, stop);
            isHeldBack = false;
            // RFC 4954 §4: "*" cancels; the server then says 501.
            reply = await session.CommandAsync(answer is null ? "*" : Convert.ToBase64String(answer), session.Phase, timeout, stop);
        }
        if (reply.Code != 235)
            return $"SASL authentication failed; server {session.Peer} said: {reply.Text}";
        return await sasl.FinishAsync(null, stop) is SaslOutcome.Success ? null : $"SASL authentication failed; server {session.Peer} could not prove itself";
    }

    static async Task<byte[]?> AnswerAsync(SaslClientSession sasl, ClientReply reply, CancellationToken stop)
    {
        var text = reply.Lines[^1].Trim();
        var challenge = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, challenge, out var length))
            return null;
        return (await sasl.StepAsync(challenge[..length], stop)).Message;
    }
}
