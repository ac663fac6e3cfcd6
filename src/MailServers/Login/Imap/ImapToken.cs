using System.Text;

namespace MailServers.Login.Imap;

enum ImapTokenKind { Atom, Text, Open, Close }

/// <summary>An atom, a string (quoted or literal; its bytes may be a password) or a parenthesis.</summary>
sealed record ImapToken(ImapTokenKind Kind, byte[] Bytes)
{
    public static ImapToken Open { get; } = new(ImapTokenKind.Open, []);

    public static ImapToken Close { get; } = new(ImapTokenKind.Close, []);

    /// <summary>astring: what LOGIN takes (RFC 3501 §9).</summary>
    public bool IsString => Kind is ImapTokenKind.Atom or ImapTokenKind.Text;

    /// <summary>For names, never for secrets.</summary>
    public string Text() => Encoding.UTF8.GetString(Bytes);

    /// <summary>The record's own text would show the bytes.</summary>
    public override string ToString() => Kind.ToString();
}
