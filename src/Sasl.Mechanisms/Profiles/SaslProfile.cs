using System.Buffers.Text;
using System.Text;

namespace Sasl.Mechanisms;

/// <summary>
/// How a protocol carries SASL messages (RFC 4422 §4): one line of data for each. <see cref="Encode"/> and <see cref="Decode"/> turn messages into what
/// stands in the protocol and back; <see cref="ServerProfile"/> and <see cref="ClientProfile"/> run whole exchanges. Commands, tags, reply codes
/// and elements around them are the host's.
/// </summary>
/// <param name="Name">The protocol, for people.</param>
/// <param name="Service">Its registered GSSAPI service name, for <see cref="SaslChannel.Service"/>.</param>
public sealed record SaslProfile(string Name, string Service)
{
    /// <summary>SMTP and submission (RFC 4954): "AUTH PLAIN dGVzdA==", "334 ", a line of base64. The command line has 512 bytes.</summary>
    public static SaslProfile Smtp { get; } = new("SMTP", "smtp") { LongestCommand = 512 };

    /// <summary>LMTP (RFC 2033): as SMTP, under a service name of its own.</summary>
    public static SaslProfile Lmtp { get; } = Smtp with { Name = "LMTP", Service = "lmtp" };

    /// <summary>IMAP (RFC 3501 §6.2.2, RFC 9051 §6.2.2): "+ ", a line of base64. An initial response only where the server has SASL-IR (RFC 4959) or IMAP4rev2.</summary>
    public static SaslProfile Imap { get; } = new("IMAP", "imap");

    /// <summary>POP3 (RFC 5034): "AUTH PLAIN dGVzdA==", "+ ", a line of base64. The command line has 255 bytes.</summary>
    public static SaslProfile Pop3 { get; } = new("POP3", "pop") { LongestCommand = 255 };

    /// <summary>ManageSieve (RFC 5804 §2.1): base64 in strings, "quoted" or {literal}; data with success in OK (SASL "…").</summary>
    public static SaslProfile ManageSieve { get; } = new("ManageSieve", "sieve") { Form = SaslForm.SieveString, EmptyMark = "", HasSuccessData = true };

    /// <summary>
    /// LDAP (RFC 4513 §5.2.1): octets, null where the optional field is absent. The server says saslBindInProgress (14) with a challenge; a client gives up by
    /// another bind, or an unbind: <see cref="ServerProfile.Abort"/>.
    /// </summary>
    public static SaslProfile Ldap { get; } = new("LDAP", "ldap") { Form = SaslForm.Octets, EmptyMark = "", AbortMark = null, HasSuccessData = true };

    /// <summary>
    /// XMPP (RFC 6120 §6.4): the text of auth, challenge, response and success, null or empty where the element has none. A client gives up by abort:
    /// <see cref="ServerProfile.Abort"/>.
    /// </summary>
    public static SaslProfile Xmpp { get; } = new("XMPP", "xmpp") { AbortMark = null, HasSuccessData = true, IsEmptyNothing = true };

    /// <summary>Bytes of text that are decoded at most; a session takes no more anyhow.</summary>
    internal const int LongestText = (SaslExchange.LongestExchange / 3 * 4) + 32;

    /// <summary>How messages are written.</summary>
    public SaslForm Form { get; init; }

    /// <summary>
    /// What stands for a message of zero length where no text would say that there is none: an initial response, data with success. "=" in protocols
    /// with lines (RFC 4954 §4, RFC 4959 §3, RFC 5034 §4) and in XMPP (RFC 6120 §6.4.2).
    /// </summary>
    public string EmptyMark { get; init; } = "=";

    /// <summary>The response by which a client gives up: "*", or null where the protocol has a command or an element for it.</summary>
    public string? AbortMark { get; init; } = "*";

    /// <summary>
    /// A success can carry the mechanism's last data. Where it cannot, the server sends them as a challenge, which the client answers with an empty
    /// response (RFC 4422 §3.6).
    /// </summary>
    public bool HasSuccessData { get; init; }

    /// <summary>Text of zero length is no text: an empty XML element cannot say otherwise.</summary>
    public bool IsEmptyNothing { get; init; }

    /// <summary>Bytes of a command line with its end, the initial response included; null: no limit of the protocol's.</summary>
    public int? LongestCommand { get; init; }

    /// <summary>What stands in the protocol for a message; null: nothing.</summary>
    /// <param name="place">Where it stands.</param>
    /// <param name="message">null: there is no initial response, no data with success.</param>
    public byte[]? Encode(SaslPlace place, byte[]? message) =>
        IsOptional(place) && message is null ? null
            : message is not { Length: > 0 } ? SaslTextForm.Wrap(Form, place, IsOptional(place) ? Encoding.ASCII.GetBytes(EmptyMark) : [])
            : Form == SaslForm.Octets ? [.. message]
            : SaslTextForm.Wrap(Form, place, Base64Of(message));

    /// <summary>The message for what stands in the protocol.</summary>
    /// <param name="place">Where it stands.</param>
    /// <param name="text">
    /// Without line end, tag and reply code; null: nothing stands there. ManageSieve's strings as they are on the wire, or what is in them.
    /// </param>
    public SaslArgument Decode(SaslPlace place, byte[]? text)
    {
        if (text is null || (IsEmptyNothing && text.Length == 0))
            return IsOptional(place) ? default : SaslArgument.Of([]);
        if (text.Length > LongestText || !SaslTextForm.TryUnwrap(Form, text, out var inner))
            return SaslArgument.Malformed;
        if (place == SaslPlace.Response && IsAbort(inner))
            return SaslArgument.Abort;
        // Where nothing is not empty, "=" says empty. Elsewhere only XML has it, whose authors take it for the rule.
        if ((IsOptional(place) || IsEmptyNothing) && inner.SequenceEqual("="u8) && Form != SaslForm.Octets)
            return SaslArgument.Of([]);
        return Form == SaslForm.Octets ? SaslArgument.Of(inner.ToArray())
            : Base64Text.Decode(inner) is { } message ? SaslArgument.Of(message) : SaslArgument.Malformed;
    }

    /// <summary>Does a client give up with this response? For hosts that hand the text on and do not read it.</summary>
    public bool IsAbort(ReadOnlySpan<byte> response) => AbortMark is not null && Ascii.Equals(response, AbortMark);

    static bool IsOptional(SaslPlace place) => place is SaslPlace.Initial or SaslPlace.Success;

    static byte[] Base64Of(byte[] message)
    {
        var text = new byte[Base64.GetMaxEncodedToUtf8Length(message.Length)];
        Base64.EncodeToUtf8(message, text, out _, out _);
        return text;
    }
}

/// <summary>Where a message stands in a protocol.</summary>
public enum SaslPlace
{
    /// <summary>From the client, with the mechanism's name; may be absent.</summary>
    Initial,

    /// <summary>From the server.</summary>
    Challenge,

    /// <summary>From the client.</summary>
    Response,

    /// <summary>From the server, with its yes; may be absent.</summary>
    Success,
}

/// <summary>How a protocol writes messages.</summary>
public enum SaslForm
{
    /// <summary>Base64 (RFC 4648 §4), without blanks.</summary>
    Base64,

    /// <summary>Base64 in a string of ManageSieve (RFC 5804 §1.2).</summary>
    SieveString,

    /// <summary>As they are.</summary>
    Octets,
}
