namespace Sasl.Protocols.Supervision;

/// <summary>The verbs of the supervision channel. One SEQPACKET packet is one frame: a TAB line, UTF-8, with at most one descriptor.</summary>
public static class Verb
{
    /// <summary>supervisor → child: CONFIG name text. Several with one name are one text in pieces.</summary>
    public const string Config = "CONFIG";

    /// <summary>supervisor → child: LISTENER name option=value…, with the listening socket.</summary>
    public const string Listener = "LISTENER";

    /// <summary>supervisor → child: everything has been sent, begin.</summary>
    public const string Start = "START";

    /// <summary>child → supervisor: serving.</summary>
    public const string Ready = "READY";

    /// <summary>front end → supervisor: HANDOFF id key=value…, with the client's descriptor.</summary>
    public const string HandOff = "HANDOFF";

    /// <summary>queue → supervisor: DELIVER id recipient.</summary>
    public const string Deliver = "DELIVER";

    /// <summary>supervisor → child: the answer to HANDOFF or DELIVER: OK id [pid=…], with a descriptor for DELIVER.</summary>
    public const string Ok = "OK";

    /// <summary>supervisor → child: NO id code reason. Codes: nouser, temp, denied.</summary>
    public const string No = "NO";

    /// <summary>supervisor → worker: ATTACH key=value…, with the stream to serve.</summary>
    public const string Attach = "ATTACH";

    /// <summary>worker → supervisor: DETACHED served received: streams still served, streams received so far.</summary>
    public const string Detached = "DETACHED";

    /// <summary>supervisor → child: accept no more, a successor does; end when those being served have gone by themselves.</summary>
    public const string Retire = "RETIRE";

    /// <summary>supervisor → child: finish what is under way, tell those being served, and end.</summary>
    public const string Drain = "DRAIN";
}

/// <summary>
/// A login that a front end has seen succeed, as a reference that only the auth server can turn into a user: the front end
/// never names one.
/// </summary>
/// <param name="Protocol">imap or pop3.</param>
/// <param name="AuthPid">SPID of the auth server's handshake.</param>
/// <param name="RequestId">The id of the finished AUTH request on the front end's own auth connection.</param>
/// <param name="Cookie">COOKIE of that connection's handshake.</param>
/// <param name="Session">Session id for the logs.</param>
/// <param name="Tag">IMAP: the tag that the worker answers. POP3: empty.</param>
/// <param name="Remote">Client address for the logs.</param>
/// <param name="Leftover">Bytes read from the client after the login command.</param>
public sealed record HandOffRequest(string Protocol, int AuthPid, uint RequestId, string Cookie, string Session, string Tag, string Remote, byte[] Leftover)
{
    public string[] ToFields(string id) =>
    [
        Verb.HandOff, id, $"protocol={Protocol}", $"auth-pid={AuthPid}", $"request={RequestId}", $"cookie={Cookie}", $"session={Session}",
        $"tag={Tag}", $"remote={Remote}", $"leftover={Convert.ToBase64String(Leftover)}",
    ];

    /// <summary>Null when a field is missing or malformed.</summary>
    public static HandOffRequest? TryParse(ReadOnlySpan<string> fields)
    {
        if (TabLine.Value(fields, "protocol") is not { Length: > 0 } protocol || TabLine.Value(fields, "cookie") is not { } cookie
            || !int.TryParse(TabLine.Value(fields, "auth-pid"), out var pid) || !uint.TryParse(TabLine.Value(fields, "request"), out var request)
            || TabLine.Value(fields, "leftover") is not { } leftover)
            return null;
        var bytes = new byte[leftover.Length];
        if (!Convert.TryFromBase64String(leftover, bytes, out var count))
            return null;
        return new(protocol, pid, request, cookie, TabLine.Value(fields, "session") ?? "", TabLine.Value(fields, "tag") ?? "",
            TabLine.Value(fields, "remote") ?? "", bytes[..count]);
    }
}

/// <summary>A stream for a worker to serve. It does not say whether the stream is the client's socket or a relay.</summary>
/// <param name="Protocol">imap, pop3 or lmtp.</param>
/// <param name="Mail">The mail location, for example "maildir:~/Maildir".</param>
public sealed record Attachment(string Protocol, string Session, string Tag, string User, string Home, string Mail, string Remote, byte[] Leftover)
{
    public string[] ToFields() =>
    [
        Verb.Attach, $"protocol={Protocol}", $"session={Session}", $"tag={Tag}", $"user={User}", $"home={Home}", $"mail={Mail}",
        $"remote={Remote}", $"leftover={Convert.ToBase64String(Leftover)}",
    ];

    public static Attachment Parse(ReadOnlySpan<string> fields) => new(
        TabLine.Value(fields, "protocol") ?? "", TabLine.Value(fields, "session") ?? "", TabLine.Value(fields, "tag") ?? "",
        TabLine.Value(fields, "user") ?? "", TabLine.Value(fields, "home") ?? "", TabLine.Value(fields, "mail") ?? "",
        TabLine.Value(fields, "remote") ?? "", Convert.FromBase64String(TabLine.Value(fields, "leftover") ?? ""));
}
