using System.Globalization;
using System.Text;

namespace MailServers.Smtp.Content;

/// <summary>Writes the fields that a server adds on its own: Received (RFC 5321 §4.4), and what local submissions lack.</summary>
static class TraceHeader
{
    /// <summary>The Received field of a mail that came over the network or from a local user.</summary>
    public static string Received(SmtpSession session, Transaction mail, string id, DateTimeOffset now)
    {
        var settings = session.Settings;
        var text = new StringBuilder();
        var recipient = mail.Recipients is [var only] ? $"\r\n\tfor <{Neutral(only.Typed.ToString())}>; " : ";\r\n\t";
        if (session.Client.LocalUid is { } uid)
        {
            text.Append($"Received: by {settings.HostName} ({settings.MailName}, from userid {uid})\r\n\tid {id}{recipient}");
            return text.Append(Date(now)).Append("\r\n").ToString();
        }
        if (settings.HideClientSession)
        {
            text.Append($"Received: by {settings.HostName} ({settings.MailName}) id {id}{recipient}");
            return text.Append(Date(now)).Append("\r\n").ToString();
        }
        text.Append($"Received: from {Neutral(session.HeloName ?? session.Client.Name)} ({session.Client.Name} [{session.Client.AddressLiteral}])\r\n");
        if (settings.TlsReceivedHeader && session.Connection.Tls is { } tls)
            text.Append($"\t(using {TlsNames.Protocol(tls)} with cipher {TlsNames.Cipher(tls)})\r\n\t(No client certificate requested)\r\n");
        if (settings.SaslAuthenticatedHeader && session.Login is { } login)
            text.Append($"\t(Authenticated sender: {Neutral(login.User)})\r\n");
        text.Append($"\tby {settings.HostName} ({settings.MailName}) with {session.ProtocolName} id {id}{recipient}");
        return text.Append(Date(now)).Append("\r\n").ToString();
    }

    /// <summary>RFC 6409 §8: a submission may be completed; mail from elsewhere is left as it is.</summary>
    public static string Complete(MissingFields missing, SmtpSession session, Transaction mail, string id, DateTimeOffset now)
    {
        var text = new StringBuilder();
        if (missing.HasFlag(MissingFields.MessageId))
            text.Append($"Message-Id: <{now.UtcDateTime:yyyyMMddHHmmss}.{id}@{session.Settings.HostName}>\r\n");
        if (missing.HasFlag(MissingFields.Date))
            text.Append($"Date: {Date(now)}\r\n");
        if (missing.HasFlag(MissingFields.From))
            text.Append($"From: {(mail.Sender.IsNull ? $"MAILER-DAEMON@{session.Settings.HostName}" : mail.Sender.ToString())}\r\n");
        return text.ToString();
    }

    /// <summary>RFC 5322 §3.3, the day padded to two places as Postfix does.</summary>
    public static string Date(DateTimeOffset now)
    {
        var offset = now.Offset;
        var sign = offset < TimeSpan.Zero ? '-' : '+';
        var text = string.Create(CultureInfo.InvariantCulture, $"{now:ddd}, {now.Day,2} {now:MMM yyyy HH:mm:ss} {sign}{offset.Duration():hhmm}");
        return offset == TimeSpan.Zero ? $"{text} (UTC)" : text;
    }

    /// <summary>A client's word inside a structured field: nothing that could open or close a comment, quote, or end the field.</summary>
    public static string Neutral(string text)
    {
        if (text.Length > 256)
            text = text[..256];
        return string.Create(text.Length, text, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = source[i] is <= ' ' or > '~' || "()<>\\\"".Contains(source[i]) ? '?' : source[i];
        });
    }
}
