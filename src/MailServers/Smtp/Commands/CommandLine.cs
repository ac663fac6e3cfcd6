using System.Text;
using System.Text.Unicode;

namespace MailServers.Smtp.Commands;

/// <summary>
/// One command as it came: the verb, and the rest. The rest of AUTH may be a password: it is only looked at as bytes, which are the
/// reader's own and gone with the next read.
/// </summary>
sealed class CommandLine
{
    readonly ReadOnlyMemory<byte> _bytes;

    CommandLine(string verb, ReadOnlyMemory<byte> line, ReadOnlyMemory<byte> arguments) => (Verb, _bytes, Arguments) = (verb, line, arguments);

    public string Verb { get; }

    /// <summary>What stands behind the verb, blanks at both ends cut.</summary>
    public ReadOnlyMemory<byte> Arguments { get; }

    public bool HasArguments => !Arguments.IsEmpty;

    /// <summary>The whole line. Never ask for it in AUTH.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.Span;

    /// <summary>The whole line. Never ask for it in AUTH.</summary>
    public string Text => Encoding.UTF8.GetString(_bytes.Span);

    /// <summary>The arguments. Never ask for them in AUTH.</summary>
    public string Rest => Encoding.UTF8.GetString(Arguments.Span);

    /// <summary>The arguments as words. Never ask for them in AUTH.</summary>
    public string[] Words => Rest.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);

    /// <summary>"Name: value", as HTTP has it behind a request line: a name, perhaps blanks, a colon.</summary>
    public bool LooksLikeHeader
    {
        get
        {
            var text = _bytes.Span;
            int end;
            for (end = 0; end < text.Length && text[end] is > (byte)' ' and < 0x7f && text[end] != ':';)
                end++;
            return end > 0 && text[end..].TrimStart(" \t"u8) is [(byte)':', ..];
        }
    }

    /// <summary>Null for a line that is no command; the problem is then the reply.</summary>
    public static CommandLine? TryParse(ReadOnlyMemory<byte> line, out string? problem)
    {
        problem = null;
        if (!Utf8.IsValid(line.Span))
        {
            problem = "500 5.5.2 Error: bad UTF-8 syntax";
            return null;
        }
        var start = line.Span.IndexOfAnyExcept((byte)' ', (byte)'\t');
        if (start < 0)
        {
            problem = "500 5.5.2 Error: bad syntax";
            return null;
        }
        line = line[start..];
        var end = line.Span.IndexOfAny((byte)' ', (byte)'\t');
        var verb = end < 0 ? line : line[..end];
        var rest = end < 0 ? ReadOnlyMemory<byte>.Empty : line[end..].Trim(" \t"u8);
        return new(Encoding.UTF8.GetString(verb.Span), line, rest);
    }
}
