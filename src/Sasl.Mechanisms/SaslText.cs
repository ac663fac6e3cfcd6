using System.Text;
using System.Text.Unicode;

namespace Sasl.Mechanisms;

/// <summary>Identities on the wire.</summary>
static class SaslText
{
    /// <summary>RFC 4616 §2 lets a server bound its identities; this is Dovecot's bound.</summary>
    public const int LongestIdentity = 1024;

    const int LongestReason = 500;

    /// <summary>An identity of 0–1024 bytes of UTF-8 without NUL. False when it is something else. Whether anybody is called like that, the host knows.</summary>
    public static bool TryReadIdentity(ReadOnlySpan<byte> bytes, out string identity)
    {
        identity = "";
        if (bytes.Length > LongestIdentity || !Utf8.IsValid(bytes))
            return false;
        identity = Encoding.UTF8.GetString(bytes);
        return !identity.Contains('\0');
    }

    /// <summary>A name as the settings prepare it. The bound holds for what comes of it too: one character can become eighteen.</summary>
    public static bool TryPrepareName(SaslSettings settings, string name, out string prepared) =>
        Preparation.TryPrepareName(settings.NamePreparation, name, out prepared) && Encoding.UTF8.GetByteCount(prepared) <= LongestIdentity;

    /// <summary>A name and a password that a mechanism without encoding can carry.</summary>
    public static bool CanBeSent(ClientCredentials own) =>
        own.AuthenticationId.Length > 0 && IsIdentity(own.AuthenticationId) && !own.Password.IsEmpty && !own.Password.Span.Contains((byte)0);

    /// <summary>A peer's text for a reason, which is one line in a log: 500 characters, and a question mark for each control character.</summary>
    public static string Printable(string text) =>
        string.Create(Math.Min(text.Length, LongestReason), text, static (to, from) =>
        {
            for (var i = 0; i < to.Length; i++)
                to[i] = char.IsControl(from[i]) ? '?' : from[i];
        });

    /// <summary>
    /// The same bounds on an identity that is text already and is granted or sent: it holds no control characters either, which no account has in its name
    /// (SASLprep prohibits them).
    /// </summary>
    public static bool IsIdentity(string identity) => Encoding.UTF8.GetByteCount(identity) <= LongestIdentity && !HasControls(identity);

    // U+0000–U+001F and U+007F–U+009F.
    static bool HasControls(string identity) => identity.AsSpan().ContainsAnyInRange('\0', '\x1f') || identity.AsSpan().ContainsAnyInRange('\x7f', '\x9f');
}
