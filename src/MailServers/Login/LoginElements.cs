using System.Text;

namespace MailServers.Login;

/// <summary>The "user=&lt;…&gt;, method=…, rip=…" part of a log line, in the order that log scanners expect.</summary>
static class LoginElements
{
    public static string Of(LoginClient client, int? workerPid = null)
    {
        var line = new StringBuilder();
        line.Append("user=<").Append(Safe(client.History.User)).Append('>');
        if (client.History.Method.Length > 0)
            line.Append(", method=").Append(Word(client.History.Method));
        line.Append(", rip=").Append(client.Peer.Remote).Append(", lip=").Append(client.Peer.Local);
        if (workerPid is { } pid)
            line.Append(", mpid=").Append(pid);
        if (client.History.TlsProblem.Length > 0)
            line.Append(", TLS handshaking: ").Append(Safe(client.History.TlsProblem));
        else if (client.Connection.IsTls)
            line.Append(", TLS");
        else if (client.Policy.Secured)
            line.Append(", secured");
        return line.Append(", session=<").Append(client.Session).Append('>').ToString();
    }

    /// <summary>
    /// A name cannot end its own brackets: with "&gt;" a client could put an address of its choice, or none at all, where a log scanner
    /// looks for the one to ban.
    /// </summary>
    static string Safe(string text)
    {
        var shown = text.Length > 256 ? text[..256] : text;
        return shown.Replace('<', '?').Replace('>', '?');
    }

    /// <summary>A mechanism's name as the client wrote it: one word of harmless characters.</summary>
    static string Word(string text) =>
        text.Length <= 32 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') ? text : "?";
}
