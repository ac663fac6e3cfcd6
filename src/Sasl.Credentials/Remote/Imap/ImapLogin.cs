// Invariants of this file:
//  * The password is sent when the greeting was OK, TLS is as the administrator wants it, and what was said before TLS is forgotten.
//  * OK is only ever the tagged response to the whole login.
using System.Text;
using Sasl.Mechanisms;

namespace Sasl.Credentials.Remote.Imap;

/// <summary>
/// A login at an IMAP server. rimap sends LOGIN as Cyrus does, and AUTHENTICATE only where the server forbids
/// that or the password is long; imap the other way round.
/// </summary>
sealed class ImapLogin(bool prefersSasl) : IRemoteLogin
{
    // Each command has a tag of its own: no server can answer one that is not sent yet.
    const string StartTlsTag = "saslauthd1", CapabilityTag = "saslauthd2", LoginTag = "saslauthd";

    public async Task<Verdict> RunAsync(RemoteConversation server, PasswordQuery query, CancellationToken stop)
    {
        var greeting = ImapReply.Read(await server.ReadLineAsync(stop), LoginTag);
        if (greeting is { Kind: ImapReplyKind.Untagged, Word: "NO" or "BYE" })
        {
            server.Explain($"the greeting is {greeting.Word}");
            return new(VerdictKind.Unavailable, RemoteTexts.Unavailable);
        }
        // PREAUTH is somebody, but not the one who is asked about.
        if (greeting is not { Kind: ImapReplyKind.Untagged, Word: "OK" })
            throw server.Unexpected("a greeting that is not * OK");
        var capabilities = await SecureAsync(server, greeting.Capabilities, stop);
        if (!server.MayShowPassword)
            return new(VerdictKind.Unavailable, $"no password is sent without TLS to {server.Server} (remote_plaintext)");
        var verdict = await LoginAsync(server, query, capabilities, stop);
        server.Explain($"the server's answer: {verdict.Kind}");
        await server.LeaveAsync($"{LoginTag} LOGOUT", stop);
        return verdict;
    }

    /// <summary>TLS as it is wanted; the capabilities that count from then on, or null when the server has not told any and they are not needed.</summary>
    async Task<IReadOnlyCollection<string>?> SecureAsync(RemoteConversation server, IReadOnlyCollection<string>? announced, CancellationToken stop)
    {
        var mode = server.Server.Tls;
        if (announced is null && (prefersSasl || mode == RemoteTls.IfOffered))
            announced = await AskCapabilitiesAsync(server, stop);
        if (mode is RemoteTls.StartTls || (mode == RemoteTls.IfOffered && announced!.Contains("STARTTLS")))
        {
            await server.SendAsync($"{StartTlsTag} STARTTLS", stop);
            var (reply, _) = await ReplyAsync(server, StartTlsTag, stop);
            if (reply is not { Kind: ImapReplyKind.Tagged, Word: "OK" })
                throw server.Unexpected("STARTTLS is refused");
            await server.StartTlsAsync(stop);
            // RFC 3501 §6.2.1: what was announced before is worth nothing.
            announced = await AskCapabilitiesAsync(server, stop);
        }
        return announced;
    }

    async Task<Verdict> LoginAsync(RemoteConversation server, PasswordQuery query, IReadOnlyCollection<string>? capabilities, CancellationToken stop)
    {
        capabilities ??= [];
        var mechanism = RemoteSasl.Choose([.. capabilities.Where(c => c.StartsWith("AUTH=", StringComparison.Ordinal)).Select(c => c["AUTH=".Length..])]);
        // RFC 3501 §6.2.3: LOGIN must not be sent then.
        var isForbidden = capabilities.Contains("LOGINDISABLED");
        // Servers bound a command with its literals (Dovecot: 1024 bytes) more than a SASL message.
        var isLong = query.Password.Length > RemoteSasl.LongestInitialPassword;
        if (mechanism is not null && (prefersSasl || isForbidden || isLong))
            return await AuthenticateAsync(server, query, mechanism, capabilities.Contains("SASL-IR"), stop);
        if (isForbidden)
            throw server.Unexpected("LOGIN is forbidden, and neither AUTH=PLAIN nor AUTH=LOGIN is offered");
        server.Explain("LOGIN");
        using var command = new ImapLoginCommand(LoginTag, query.User, query.Password.Span, capabilities);
        for (var i = 0; i < command.Pieces.Count; i++)
        {
            if (i > 0 && (await ReplyAsync(server, LoginTag, stop)).Reply.Kind != ImapReplyKind.Continuation)
                throw server.Unexpected("the literal is refused");
            await server.SendAsync(command.Pieces[i], stop);
        }
        return Judge(server, (await ReplyAsync(server, LoginTag, stop)).Reply);
    }

    static async Task<Verdict> AuthenticateAsync(RemoteConversation server, PasswordQuery query, string mechanism, bool canSendInitial, CancellationToken stop)
    {
        server.Explain($"AUTHENTICATE {mechanism}");
        using var client = RemoteSasl.Start(SaslProfile.Imap, mechanism, query, server);
        var command = $"{LoginTag} AUTHENTICATE {mechanism}";
        var step = await client.StartAsync(command, canSendInitial && query.Password.Length <= RemoteSasl.LongestInitialPassword, stop);
        if (step.Outcome is SaslOutcome.Failure unable)
            return new(VerdictKind.Refused, unable.Reason);
        await RemoteSasl.SendAsync(server, command, step.Text, stop);
        while (true)
        {
            var (reply, _) = await ReplyAsync(server, LoginTag, stop);
            if (reply.Kind == ImapReplyKind.Tagged)
            {
                return reply.Word != "OK" || await client.FinishAsync(stop: stop) is SaslOutcome.Success ? Judge(server, reply)
                    : throw server.Unexpected("OK before the password was sent");
            }
            step = await client.AnswerAsync(Encoding.Latin1.GetBytes(reply.Text), stop);
            if (step.Text is { } text)
                await RemoteSasl.SendAsync(server, "", text, stop);
            if (step.IsFinished)
                throw server.Unexpected($"a challenge that {mechanism} does not have");
        }
    }

    static Verdict Judge(RemoteConversation server, ImapReply reply) => reply.Verdict ?? throw server.Unexpected("neither OK nor NO");

    static async Task<IReadOnlyCollection<string>> AskCapabilitiesAsync(RemoteConversation server, CancellationToken stop)
    {
        await server.SendAsync($"{CapabilityTag} CAPABILITY", stop);
        var (reply, capabilities) = await ReplyAsync(server, CapabilityTag, stop);
        return reply is { Kind: ImapReplyKind.Tagged, Word: "OK" } && capabilities is not null ? capabilities : throw server.Unexpected("no capabilities");
    }

    /// <summary>The next continuation or tagged response, with the capabilities that were told on the way. Untagged responses are skipped.</summary>
    static async Task<(ImapReply Reply, IReadOnlyCollection<string>? Capabilities)> ReplyAsync(RemoteConversation server, string tag, CancellationToken stop)
    {
        IReadOnlyCollection<string>? capabilities = null;
        while (true)
        {
            var reply = ImapReply.Read(await server.ReadLineAsync(stop), tag);
            capabilities = reply.Capabilities ?? capabilities;
            if (reply.Kind is ImapReplyKind.Tagged or ImapReplyKind.Continuation)
                return (reply, capabilities);
            if (reply.Kind == ImapReplyKind.Other)
                throw server.Unexpected("a line that is no response");
        }
    }
}
