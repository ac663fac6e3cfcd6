using System.Buffers;

namespace MailServers.Login.Imap;

/// <summary>A command with its arguments.</summary>
sealed record ImapCommand(string Tag, string Name, IReadOnlyList<ImapToken> Arguments)
{
    /// <summary>Tags up to this length are echoed and handed on.</summary>
    public const int LongestTag = 126;

    static readonly SearchValues<byte> _notInTags = SearchValues.Create("(){%*\"\\+"u8);

    /// <summary>Takes tag and name off the front; null when there are none that can be answered.</summary>
    public static ImapCommand? From(List<ImapToken> tokens) =>
        tokens.Count >= 2 && tokens[0] is { Kind: ImapTokenKind.Atom } tag && IsTag(tag.Bytes) && tokens[1] is { Kind: ImapTokenKind.Atom } name
            ? new(tag.Text(), name.Text().ToUpperInvariant(), tokens[2..])
            : null;

    /// <summary>The tag at the head of a line that is wrong otherwise, or "*".</summary>
    public static string TagOf(List<ImapToken> tokens) =>
        tokens.Count > 0 && tokens[0].Kind == ImapTokenKind.Atom && IsTag(tokens[0].Bytes) ? tokens[0].Text() : "*";

    /// <summary>RFC 3501 §9: ASTRING-CHAR except "+"; printable ASCII, so that it can be echoed and logged.</summary>
    static bool IsTag(ReadOnlySpan<byte> tag) =>
        tag.Length is > 0 and <= LongestTag && tag.IndexOfAnyExceptInRange((byte)'!', (byte)'~') < 0 && tag.IndexOfAny(_notInTags) < 0;
}
