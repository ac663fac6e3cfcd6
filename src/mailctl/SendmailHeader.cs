using System.Buffers;
using System.Text;

namespace MailControl;

/// <summary>The header of a message on its way in: recipients for -t, Bcc taken out, what is missing added (RFC 5322 §3.6).</summary>
sealed class SendmailHeader
{
    static readonly string[] _destinations = ["To", "Cc", "Bcc"];

    static readonly SearchValues<char> _atoms = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~ ");

    readonly List<(string Name, StringBuilder Text)> _fields = [];

    /// <summary>Takes one physical line, without its end. False: it does not belong to a header; the body has begun.</summary>
    public bool Add(string line)
    {
        if (line.Length > 0 && line[0] is ' ' or '\t')
        {
            if (_fields.Count == 0)
                return false;
            _fields[^1].Text.Append("\r\n").Append(line);
            return true;
        }
        var colon = line.IndexOf(':');
        var name = colon < 0 ? "" : line[..colon].TrimEnd();
        // RFC 5322 §2.2: a field name is printable ASCII without blanks.
        if (name.Length == 0 || name.AsSpan().IndexOfAnyExceptInRange('!', '~') >= 0)
            return false;
        _fields.Add((name, new(line)));
        return true;
    }

    /// <summary>RFC 5322 §3.6.6: a message that was resent goes to where the Resent- fields say.</summary>
    public List<string> Recipients()
    {
        var prefix = _fields.Exists(f => Array.Exists(_destinations, d => Is(f.Name, "Resent-" + d))) ? "Resent-" : "";
        return [.. _fields.Where(f => Array.Exists(_destinations, d => Is(f.Name, prefix + d))).SelectMany(f => AddressList.Parse(Value(f.Text.ToString()))).Distinct()];
    }

    /// <summary>The header as it goes out, the empty line included. Date and Message-ID are our smtpd's to add.</summary>
    public string Write(string sender, string? fullName)
    {
        var text = new StringBuilder();
        foreach (var (_, field) in _fields.Where(f => !Is(f.Name, "Bcc") && !Is(f.Name, "Resent-Bcc") && !Is(f.Name, "Return-Path")))
            text.Append(field).Append("\r\n");
        if (!Has("From"))
            text.Append("From: ").Append(fullName is null ? sender : $"{Phrase(fullName)} <{sender}>").Append("\r\n");
        return text.Append("\r\n").ToString();
    }

    static string Value(string field) => field[(field.IndexOf(':') + 1)..];

    bool Has(string name) => _fields.Exists(f => Is(f.Name, name));

    static bool Is(string name, string other) => name.Equals(other, StringComparison.OrdinalIgnoreCase);

    /// <summary>RFC 5322 §3.2.5: words of atoms are a phrase as they are; anything else has to be quoted.</summary>
    static string Phrase(string name) => name.AsSpan().ContainsAnyExcept(_atoms) ? Quote(name) : name;

    static string Quote(string name) => $"\"{string.Concat(name.Where(static c => !char.IsControl(c)).Select(static c => c is '"' or '\\' ? $"\\{c}" : c.ToString()))}\"";
}
