using System.Text;
using Sasl.Mechanisms;

namespace MailServers.Queue.SmtpClient;

/// <summary>AUTH as a client (RFC 4954 §4): the strongest mechanism that both know and the options allow.</summary>
static class SaslClient
{
    // RFC 4954 §4: an initial response must fit the command line; a longer one waits for the challenge.
    const int LongestCommand = 512;

    /// <summary>Null when we are in; else the reason, for the log and the deferral.</summary>
    public static async Task<string?> AuthenticateAsync(ClientSession session, Features features, string login, IReadOnlyList<string> options, TimeSpan timeout, CancellationToken stop)
    {
        var forbidden = (options.Contains("noplaintext") ? MechanismFlags.Plaintext : 0) | (options.Contains("noanonymous") ? MechanismFlags.Anonymous : 0)
            | (options.Contains("noactive") ? MechanismFlags.Active : 0) | (options.Contains("nodictionary") ? MechanismFlags.Dictionary : 0);
        if (SaslMechanisms.Choose(features.Mechanisms, forbidden) is not { } mechanism)
            return $"SASL authentication failed: server {session.Peer} offered no compatible authentication mechanisms for this type of connection security";
        var colon = login.IndexOf(':');
        var (user, password) = colon < 0 ? (login, "") : (login[..colon], login[(colon + 1)..]);
        using var sasl = new SaslClientSession(mechanism, new(user, "", Encoding.UTF8.GetBytes(password)));
        var start = await sasl.StartAsync(canSendInitial: true, stop);
        if (start.Outcome is SaslOutcome.Failure failure)
            return $"SASL authentication failed; {failure.Reason}";
        var initial = start.Message;
        var command = $"AUTH {mechanism.Name}";
        // RFC 4954 §4: "=" is an empty initial response.
        var encoded = initial is null ? "" : initial.Length == 0 ? " =" : " " + Convert.ToBase64String(initial);
        var isHeldBack = command.Length + encoded.Length + 2 > LongestCommand;
        var reply = await session.CommandAsync(isHeldBack ? command : command + encoded, $"performing the AUTH {mechanism.Name} handshake", timeout, stop);
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
