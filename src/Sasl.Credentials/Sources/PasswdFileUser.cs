using System.Net;
using Sasl.Credentials.Schemes;
using Sasl.Hosting.Configuration;

namespace Sasl.Credentials.Sources;

/// <summary>What a password file says of one user. Not a record: its ToString would print the secret.</summary>
public sealed class PasswdFileUser
{
    /// <summary>Fields of a line: user, password, uid, gid, gecos, home, shell, extra.</summary>
    const int Password = 1, UidField = 2, GidField = 3, HomeField = 5, Extra = 7, DesLength = 13;

    static readonly string[] _crypt = ["$y$", "$gy$", "$7$", "$6$", "$5$", "$1$", "$2a$", "$2b$", "$2y$", "$sha1$", "$md5", Argon2Scheme.Prefix, Apr1.Prefix];

    public required string Name { get; init; }

    /// <summary>As they stand in the line, numbers or names; "" when they do not.</summary>
    public string Uid { get; private init; } = "";

    public string Gid { get; private init; } = "";

    public string Home { get; private init; } = "";

    /// <summary>The extra fields, in Dovecot's style; one without a value is "yes".</summary>
    public IReadOnlyList<(string Name, string Value)> Fields { get; private set; } = [];

    /// <summary>As <see cref="PasswordScheme"/> takes it; null for one whose field can be nobody's password ("", "!…", "*…").</summary>
    public string? Secret { get; private init; }

    /// <summary>"nologin" among the extra fields.</summary>
    public bool IsDisabled { get; private set; }

    /// <summary>"allow_nets=": from where, or null.</summary>
    public IReadOnlyList<NetworkPattern>? Networks { get; private set; }

    /// <param name="fields">Two at least.</param>
    /// <returns>The user, or why the line cannot be used; then nothing of it counts.</returns>
    public static (PasswdFileUser? User, string? Complaint) Read(string[] fields, PasswdFileStyle style)
    {
        var (secret, complaint) = style.DefaultScheme is { } scheme ? ReadAny(fields.Length > Password ? fields[Password] : "", scheme) : ReadSecret(fields[Password]);
        var user = new PasswdFileUser { Name = fields[0], Secret = secret, Uid = Field(fields, UidField), Gid = Field(fields, GidField), Home = Field(fields, HomeField) };
        // IPv6 addresses have colons of their own.
        var extra = fields.Length > Extra ? string.Join(':', fields[Extra..]) : "";
        if (complaint is null && style.IsStrict)
            complaint = user.ReadExtra(extra);
        else if (extra.Length > 0)
            user.Fields = [.. Words(extra)];
        return complaint is null ? (user, null) : (null, complaint);
    }

    public bool IsAllowedFrom(string? address) =>
        Networks is null || (IPAddress.TryParse(address?.Split(';')[0], out var client) && Networks.Any(n => n.Contains(client)));

    /// <summary>A word without braces has to look like a hash, so that nobody's plain password passes for a damaged one; and none is ever printed.</summary>
    static (string? Secret, string? Complaint) ReadSecret(string field)
    {
        if (field.Length == 0 || field[0] is '!' or '*')
            return (null, null);
        if (field[0] == '{')
        {
            var end = field.IndexOf('}');
            return end < 0 ? (null, "no '}' behind the password scheme")
                : PasswordScheme.IsKnown(field[1..end]) ? (field, null)
                : (null, $"unknown password scheme {field[..(end + 1)]}");
        }
        if (field[0] == '$')
            return Array.Exists(_crypt, p => field.StartsWith(p, StringComparison.Ordinal)) ? (field, null) : (null, "unknown kind of hash ($…$)");
        return field.Length == DesLength && field.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '/') ? (field, null)
            : (null, "a password without a scheme ({PLAIN} in front of it, if that is what is meant)");
    }

    /// <summary>Dovecot's: libpam-pwdfile's hint behind a password says its kind, "[13]" crypt(3), "[34]" and "[56]" digests.</summary>
    static (string? Secret, string? Complaint) ReadAny(string field, string scheme)
    {
        if (field.Length == 0)
            return (null, null);
        if (field.Length > 4 && field[0] is not ('$' or '{') && field[^1] == ']' && field[^4] == '[' && char.IsAsciiDigit(field[^3]) && char.IsAsciiDigit(field[^2]))
            return ($"{{{field[^3..^1] switch { "34" => "PLAIN-MD5", "56" => "DIGEST-MD5", _ => PasswordScheme.Bare }}}}{field[..^4]}", null);
        return (PasswordScheme.WithScheme(field, scheme), null);
    }

    static string Field(string[] fields, int number) => fields.Length > number ? fields[number] : "";

    static IEnumerable<(string Name, string Value)> Words(string extra)
    {
        foreach (var word in extra.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
            yield return word.IndexOf('=') is var equals and >= 0 ? (word[..equals], word[(equals + 1)..]) : (word, "yes");
    }

    /// <summary>What restricts a login is done or the line refused; what only the owner of mailboxes needs is for others.</summary>
    string? ReadExtra(string extra)
    {
        foreach (var (name, value) in Words(extra))
        {
            if (name == "nologin")
                IsDisabled = true;
            else if (name == "allow_nets")
            {
                var networks = new List<NetworkPattern>();
                foreach (var text in value.Split(',', StringSplitOptions.RemoveEmptyEntries))
                {
                    if (NetworkPattern.Parse(text, demandBrackets: false, out var error) is not { } network)
                        return $"allow_nets: {error?.Message}";
                    networks.Add(network);
                }
                Networks = networks;
            }
            else if (!name.StartsWith("userdb_", StringComparison.Ordinal))
                return $"extra field {name}: not implemented";
        }
        return null;
    }
}
