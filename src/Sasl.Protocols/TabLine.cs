using System.Text;

namespace Sasl.Protocols;

/// <summary>
/// Fields between TABs with Dovecot's escaping (0x01 and a character): the line format of the auth protocol, and of the
/// supervision frames. A field can hold any text; a line never holds NUL, CR, LF or a bare TAB.
/// </summary>
public static class TabLine
{
    /// <summary>Joins fields, each escaped. No line end.</summary>
    public static string Join(params ReadOnlySpan<string> fields)
    {
        var line = new StringBuilder();
        for (var i = 0; i < fields.Length; i++)
        {
            if (i > 0)
                line.Append('\t');
            AppendEscaped(line, fields[i]);
        }
        return line.ToString();
    }

    /// <summary>Splits a line into its fields, each unescaped.</summary>
    public static string[] Split(string line)
    {
        var fields = line.Split('\t');
        for (var i = 0; i < fields.Length; i++)
            fields[i] = Unescape(fields[i]);
        return fields;
    }

    public static string Escape(string field)
    {
        if (field.AsSpan().IndexOfAny("\0\x1\t\r\n") < 0)
            return field;
        var text = new StringBuilder();
        AppendEscaped(text, field);
        return text.ToString();
    }

    /// <summary>0x01 and an unknown character is that character; a lone 0x01 at the end is dropped.</summary>
    public static string Unescape(string field)
    {
        if (!field.Contains('\x1'))
            return field;
        var text = new StringBuilder(field.Length);
        for (var i = 0; i < field.Length; i++)
        {
            if (field[i] != '\x1')
                text.Append(field[i]);
            else if (++i < field.Length)
                text.Append(field[i] switch { '0' => '\0', '1' => '\x1', 't' => '\t', 'r' => '\r', 'n' => '\n', var other => other });
        }
        return text.ToString();
    }

    /// <summary>The value of the first "name=value" field, "" for a bare "name", or null.</summary>
    public static string? Value(ReadOnlySpan<string> fields, string name)
    {
        foreach (var field in fields)
        {
            if (field.Length == name.Length && field == name)
                return "";
            if (field.Length > name.Length && field[name.Length] == '=' && field.StartsWith(name, StringComparison.Ordinal))
                return field[(name.Length + 1)..];
        }
        return null;
    }

    static void AppendEscaped(StringBuilder line, string field)
    {
        foreach (var c in field)
        {
            _ = c switch
            {
                '\0' => line.Append("\x1" + "0"),
                '\x1' => line.Append("\x1" + "1"),
                '\t' => line.Append("\x1t"),
                '\r' => line.Append("\x1r"),
                '\n' => line.Append("\x1n"),
                _ => line.Append(c),
            };
        }
    }
}
