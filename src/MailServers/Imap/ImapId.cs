using System.Text;
using Sasl.Hosting.Configuration;

namespace MailServers.Imap;

/// <summary>What ID (RFC 2971) tells about the server, before and after the login: imap_id_send.</summary>
/// <param name="Words">Names and values by turns.</param>
sealed record ImapId(IReadOnlyList<string> Words)
{
    const string Name = "mailservers";

    public static readonly ImapId Default = new(["name", Name]);

    /// <summary>"name * version *": "*" stands for what the program would say itself; where it would say nothing the field is left out.</summary>
    public static ImapId From(Settings settings)
    {
        var words = settings.Text(DovecotConf.ImapIdSend).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var fields = new List<string>();
        for (var i = 0; i + 1 < words.Length; i += 2)
        {
            var value = words[i + 1] != "*" ? words[i + 1]
                : words[i] switch { "name" => Name, "version" => typeof(ImapId).Assembly.GetName().Version?.ToString(3), _ => null };
            if (value is not null)
                fields.AddRange([words[i], value]);
        }
        return new(fields);
    }

    /// <summary>As it stands in the response: quoted strings in parentheses, or NIL.</summary>
    public override string ToString()
    {
        if (Words.Count == 0)
            return "NIL";
        var text = new StringBuilder("(");
        foreach (var word in Words)
        {
            text.Append(text.Length > 1 ? " \"" : "\"");
            foreach (var c in word)
                text.Append(c is '"' or '\\' ? "\\" : "").Append(c is >= ' ' and <= '~' ? c : '?');
            text.Append('"');
        }
        return text.Append(')').ToString();
    }
}
