using System.Text;
using AuthServer.Logins;
using Sasl.Credentials.Ldap;
using Sasl.Credentials.Schemes;

namespace AuthServer.Ldap;

/// <summary>
/// pass_attrs, user_attrs, iterate_attrs: between commas "attribute=field", "attribute=field=text with %$", "=field=text with %{ldap:attribute}".
/// </summary>
sealed class LdapAttributeMap
{
    public const string Password = "password", BarePassword = "password_noscheme";

    readonly List<Rule> _rules = [];

    sealed record Rule(string Attribute, string Field, AnswerTemplate? Text);

    LdapAttributeMap()
    {
    }

    /// <summary>All that is asked for.</summary>
    public IReadOnlyList<string> Attributes => [.. _rules.SelectMany(WantedBy).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>The same when the password is of no interest.</summary>
    public IReadOnlyList<string> AttributesWithoutPassword =>
        [.. _rules.Where(r => r.Field is not (Password or BarePassword)).SelectMany(WantedBy).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>The one attribute that the password is taken from as it stands, so that it could be written; else null.</summary>
    public string? PasswordAttribute => _rules.Where(r => r.Field is Password or BarePassword).ToList() is [{ Text: null, Attribute: { Length: > 0 } attribute }] ? attribute : null;

    /// <summary>The variables of the login that the values depend on.</summary>
    public IEnumerable<string> Variables => _rules.SelectMany(r => r.Text?.Variables ?? []).Distinct();

    /// <exception cref="FormatException">It is no such list.</exception>
    public static LdapAttributeMap Parse(string text)
    {
        var map = new LdapAttributeMap();
        foreach (var piece in Pieces(text))
        {
            var equals = piece.IndexOf('=');
            var (attribute, rest) = equals < 0 ? (piece, piece) : (piece[..equals].TrimEnd(), piece[(equals + 1)..].TrimStart());
            var second = rest.IndexOf('=');
            var field = second < 0 ? rest : rest[..second].TrimEnd();
            if (field.StartsWith('@') || attribute.StartsWith('@'))
                throw new FormatException($"{piece}: searches within the answer (@) are not supported");
            if (field.Length == 0)
                throw new FormatException($"{piece}: no name of a field");
            if (!IsDescription(attribute))
                throw new FormatException($"{piece}: {attribute} is no name of an attribute");
            var template = second < 0 ? attribute.Length == 0 ? "yes" : null : rest[(second + 1)..];
            map._rules.Add(new(attribute, field, template is null ? null : AnswerTemplate.Parse(template, "ldap")));
        }
        foreach (var name in map.Attributes)
        {
            if (name.Length == 0 || !IsDescription(name))
                throw new FormatException($"{name} is no name of an attribute");
        }
        return map;
    }

    /// <summary>The fields that an entry gives, without its passwords. Of an attribute with several values the first counts; what is missing gives nothing.</summary>
    public IReadOnlyList<(string Name, string Value)> Fields(LoginFacts login, LdapEntry entry)
    {
        var fields = new List<(string, string)>();
        foreach (var rule in _rules.Where(r => r.Field is not (Password or BarePassword)))
        {
            if (Values(rule, login, entry).FirstOrDefault() is { } value && !value.AsSpan().ContainsAnyInRange('\0', '\x1f'))
                fields.Add((rule.Field, value));
        }
        return fields;
    }

    /// <summary>All values of a field, of all entries' attributes that give it.</summary>
    public IEnumerable<string> All(string field, LoginFacts login, LdapEntry entry) => _rules.Where(r => r.Field == field).SelectMany(r => Values(r, login, entry));

    /// <summary>The stored passwords, each with its scheme in front.</summary>
    public IEnumerable<string> Passwords(LoginFacts login, LdapEntry entry, string defaultScheme) =>
        All(Password, login, entry).Select(p => PasswordScheme.WithScheme(p, defaultScheme)).Concat(All(BarePassword, login, entry).Select(p => $"{{{defaultScheme}}}{p}"));

    static IEnumerable<string> WantedBy(Rule rule) => rule.Attribute.Length > 0 ? [rule.Attribute, .. rule.Text?.Names ?? []] : rule.Text?.Names ?? [];

    static IEnumerable<string> Values(Rule rule, LoginFacts login, LdapEntry entry)
    {
        if (rule.Attribute.Length == 0)
            return rule.Text!.Expand(login, First) is { } only ? [only] : [];
        var values = entry.Values(rule.Attribute).Select(Encoding.UTF8.GetString);
        return rule.Text is null ? values : values.Select(v => rule.Text.Expand(login, First, v)).OfType<string>();

        string? First(string name) => entry.Values(name).FirstOrDefault() is { } value ? Encoding.UTF8.GetString(value) : null;
    }

    /// <summary>RFC 4512 §2.5, as far as servers have them; "" where no attribute is named.</summary>
    static bool IsDescription(string name) => name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or ';' or '_');

    /// <summary>Between commas, but not those within the braces of a variable.</summary>
    static IEnumerable<string> Pieces(string text)
    {
        var (start, depth) = (0, 0);
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && text[i] == '{')
                depth++;
            else if (i < text.Length && text[i] == '}')
                depth = Math.Max(0, depth - 1);
            if (i < text.Length && (text[i] != ',' || depth > 0))
                continue;
            if (text[start..i].Trim() is { Length: > 0 } piece)
                yield return piece;
            start = i + 1;
        }
    }
}
