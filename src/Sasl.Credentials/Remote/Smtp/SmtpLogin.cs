// Invariants of this file:
//  * The password is sent when TLS is as the administrator wants it, and what was said before TLS is forgotten.
//  * OK is only ever 235 after the password was sent.
using System.Text;
using Sasl.Mechanisms;

namespace Sasl.Credentials.Remote.Smtp;

/// <summary>A login at an SMTP or submission server (RFC 4954); no mail is sent.</summary>
sealed class SmtpLogin : IRemoteLogin
{
    public async Task<Verdict> RunAsync(RemoteConversation server, PasswordQuery query, CancellationToken stop)
    {
        var greeting = await ReplyAsync(server, stop);
        if (greeting.Code >= 400)
            return Unavailable(server, greeting, "the greeting");
        var features = greeting.Code == 220 ? await HelloAsync(server, stop) : throw server.Unexpected("a greeting that is not 220");
        if (features is { HasStartTls: true } && server.Server.Tls == RemoteTls.IfOffered || server.Server.Tls == RemoteTls.StartTls)
        {
            await server.SendAsync("STARTTLS", stop);
            var reply = await ReplyAsync(server, stop);
            if (reply.Code != 220)
                return Unavailable(server, reply, "STARTTLS");
            await server.StartTlsAsync(stop);
            // RFC 3207 §4.2: what was announced before is worth nothing.
            features = await HelloAsync(server, stop);
        }
        if (!server.MayShowPassword)
            return new(VerdictKind.Unavailable, $"no password is sent without TLS to {server.Server} (remote_plaintext)");
        var mechanism = RemoteSasl.Choose(features.Mechanisms) ?? throw server.Unexpected("neither AUTH PLAIN nor AUTH LOGIN is offered");
        var verdict = await AuthenticateAsync(server, query, mechanism, stop);
        server.Explain($"the server's answer: {verdict.Kind}");
        await server.LeaveAsync("QUIT", stop);
        return verdict;
    }

    static async Task<SmtpReply> HelloAsync(RemoteConversation server, CancellationToken stop)
    {
        await server.SendAsync($"EHLO {server.LocalName}", stop);
        var reply = await ReplyAsync(server, stop);
        return reply.Code == 250 ? reply : throw server.Unexpected($"EHLO is answered {reply.Code}");
    }

    static async Task<Verdict> AuthenticateAsync(RemoteConversation server, PasswordQuery query, string mechanism, CancellationToken stop)
    {
        server.Explain($"AUTH {mechanism}");
        using var client = RemoteSasl.Start(SaslProfile.Smtp, mechanism, query, server);
        var command = $"AUTH {mechanism}";
        var step = await client.StartAsync(command, stop: stop);
        if (step.Outcome is SaslOutcome.Failure unable)
            return new(VerdictKind.Refused, unable.Reason);
        await RemoteSasl.SendAsync(server, command, step.Text, stop);
        while (true)
        {
            var reply = await ReplyAsync(server, stop);
            if (reply.Code != 334)
            {
                var isTrue = reply.Code != 235 || await client.FinishAsync(stop: stop) is SaslOutcome.Success;
                return isTrue && reply.Verdict is { } verdict ? verdict : throw server.Unexpected($"AUTH is answered {reply.Code}");
            }
            step = await client.AnswerAsync(Encoding.Latin1.GetBytes(reply.Lines[^1].Trim()), stop);
            if (step.Text is { } text)
                await RemoteSasl.SendAsync(server, "", text, stop);
            if (step.IsFinished)
                throw server.Unexpected($"a challenge that {mechanism} does not have");
        }
    }

    static Verdict Unavailable(RemoteConversation server, SmtpReply reply, string what)
    {
        server.Explain($"{what} is answered {reply.Code}");
        return new(VerdictKind.Unavailable, RemoteTexts.Unavailable);
    }

    static async Task<SmtpReply> ReplyAsync(RemoteConversation server, CancellationToken stop)
    {
        var lines = new List<string>();
        while (true)
        {
            if (SmtpReply.ReadLine(await server.ReadLineAsync(stop)) is not var (code, more, text))
                throw server.Unexpected("a line that is no reply");
            lines.Add(text);
            if (!more)
                return new(code, lines);
        }
    }
}
