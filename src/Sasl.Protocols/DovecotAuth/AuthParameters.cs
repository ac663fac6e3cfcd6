using System.Text;

namespace Sasl.Protocols.DovecotAuth;

/// <summary>What a front end tells the auth server about a login attempt.</summary>
/// <param name="Service">smtp, submission, imap, pop3, …</param>
public sealed record AuthParameters(string Service)
{
    /// <summary>In an AUTH: the client wants to know when this server will end. In an answer: it will, and the next login is better sent to its successor.</summary>
    public const string Draining = "draining";

    /// <summary>In an AUTH: no mechanism with a channel binding was offered to the client.</summary>
    public const string Unbound = "no-channel-binding";

    /// <summary>The client's address.</summary>
    public string? RemoteAddress { get; init; }

    public string? LocalAddress { get; init; }

    public int? RemotePort { get; init; }

    public int? LocalPort { get; init; }

    /// <summary>Session id for the logs of both sides.</summary>
    public string? Session { get; init; }

    /// <summary>The line is under TLS.</summary>
    public bool IsTls { get; init; }

    /// <summary>Nobody could listen: TLS, or the client is on this host.</summary>
    public bool IsSecured { get; init; }

    /// <summary>Only the answer is wanted; there will be no hand-off, so the server need not remember the request (SMTP).</summary>
    public bool NoLogin { get; init; }

    /// <summary>The name that the client asked for in TLS.</summary>
    public string? LocalName { get; init; }

    /// <summary>
    /// The data of a channel binding of the client's TLS by its type ("tls-exporter", …), null when there is none of it. Set where mechanisms with a
    /// binding (-PLUS) were offered to the client, and only there: the server takes "you did not offer it" for a lie otherwise.
    /// </summary>
    public Func<string, ValueTask<byte[]?>>? ChannelBinding { get; init; }

    /// <summary>
    /// The client's initial response as it came, in base64: null when there was none, "=" for one of zero length. It is checked before it
    /// is sent. The array stays the caller's, to be zeroed.
    /// </summary>
    public byte[]? InitialResponse { get; init; }

    /// <summary>The AUTH line. The caller zeroes it after use: it may hold a password.</summary>
    /// <param name="minor">The server's version. What it does not know, ours alone does: those fields are ignored by every other.</param>
    internal byte[] ToLine(uint id, string mechanism, int minor = 0)
    {
        var head = new StringBuilder($"AUTH\t{id}\t{TabLine.Escape(mechanism)}\tservice={TabLine.Escape(Service)}");
        if (NoLogin)
            head.Append("\tnologin");
        Append(head, "lip", LocalAddress);
        Append(head, "rip", RemoteAddress);
        Append(head, "lport", LocalPort?.ToString());
        Append(head, "rport", RemotePort?.ToString());
        Append(head, "local_name", LocalName);
        Append(head, "session", Session);
        if (IsTls || IsSecured)
            head.Append(IsTls ? "\tsecured=tls" : "\tsecured");
        if (minor >= AuthVersion.ChannelBindings)
        {
            head.Append($"\t{Draining}");
            if (ChannelBinding is null)
                head.Append($"\t{Unbound}");
        }
        // resp must come last.
        if (InitialResponse is not { } response)
            return Encoding.UTF8.GetBytes(head.Append('\n').ToString());
        var prefix = Encoding.UTF8.GetBytes(head.Append("\tresp=").ToString());
        // "=" says "zero length" whatever the version; an empty value would say "none" to an old server.
        ReadOnlySpan<byte> data = response.Length == 0 ? "="u8 : response;
        return [.. prefix, .. data, (byte)'\n'];
    }

    static void Append(StringBuilder line, string name, string? value)
    {
        if (value is not null)
            line.Append('\t').Append(name).Append('=').Append(TabLine.Escape(value));
    }
}
