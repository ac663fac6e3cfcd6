using System.Security.Cryptography;
using System.Text;
using Sasl.Credentials.Schemes;
using Sasl.Hosting.Configuration;
using Sasl.Mechanisms;

namespace Sasl.Credentials.Sources;

/// <summary>From the records of a Cyrus sasldb2, or the lines of a passwd-file, to users of the secrets database. What cannot be taken over is told, never dropped unsaid.</summary>
/// <param name="Hashes">Cleartext passwords become a hash and SCRAM keys.</param>
/// <param name="DropRealm">Users of this realm are stored without one ("" for none): Cyrus gives everybody the host's name.</param>
public sealed record SasldbImport(bool Hashes, string DropRealm)
{
    public const string OtpKind = "otp";

    const string Hash = PasswordScheme.Bare;
    const int Iterations = 4096, LongestName = 256;

    /// <summary>Fields of a line that are for mailboxes, and are told once for all; every other one might restrict a login.</summary>
    static readonly string[] _mailbox = ["uid", "gid", "home"];

    static readonly ScramHash[] _scram = [ScramHash.Sha1, ScramHash.Sha256];

    public List<ImportedUser> From(string path, IReadOnlyList<Sasldb2Record> records, List<Problem> problems)
    {
        var users = new Dictionary<(string, string), ImportedUser>();
        foreach (var record in records)
        {
            var realm = Realm(record.Realm);
            var who = $"{record.User}@{record.Realm}: {record.Property}";
            if (Complaint(record.User, realm) is { } complaint)
                problems.Add(new(path, record.Line, $"{who}: {complaint}"));
            else if (Secrets(record, out complaint) is not { } secrets)
                problems.Add(new(path, record.Line, $"{who}: {complaint}"));
            else
                Add(path, record.Line, users, record.User, realm, secrets, problems);
        }
        return [.. users.Values];
    }

    /// <summary>"user:password:uid:gid:gecos:home:shell:extra" in Dovecot's style.</summary>
    public List<ImportedUser> From(string path, string text, string scheme, List<Problem> problems)
    {
        var users = new Dictionary<(string, string), ImportedUser>();
        var file = PasswdFile.Parse(path, text, problems, PasswdFileStyle.Dovecot(scheme));
        var mailboxes = 0;
        foreach (var line in file.Users)
        {
            var (name, domain) = LoginName.From(line.Name, "");
            var restricting = line.Fields.Select(f => f.Name).Where(f => !f.StartsWith("userdb_", StringComparison.Ordinal)).ToList();
            mailboxes += line.Uid.Length + line.Gid.Length + line.Home.Length > 0 || line.Fields.Count > restricting.Count ? 1 : 0;
            var complaint = Complaint(name, Realm(domain))
                ?? (line.Secret is null ? "no password" : null)
                // Without it he could log in where he could not before.
                ?? (restricting.Count > 0 ? $"the secrets database has no place for {string.Join(", ", restricting)}" : null)
                ?? (PasswordScheme.IsKnown(SchemeOf(line.Secret!)) || ScramHash.Of(SchemeOf(line.Secret!).ToUpperInvariant()) is not null ? null : $"unknown password scheme {{{SchemeOf(line.Secret!)}}}");
            if (complaint is null)
                Add(path, 0, users, name, Realm(domain), Stored(line.Secret!), problems);
            else
                problems.Add(new(path, 0, $"user {line.Name}: {complaint}"));
        }
        if (mailboxes > 0)
            problems.Add(new(path, 0, $"{string.Join(", ", _mailbox)} and userdb_… of {mailboxes} users belong to a userdb, and are not taken over: keep the file for that"));
        return [.. users.Values];
    }

    void Add(string path, int line, Dictionary<(string, string), ImportedUser> users, string name, string realm, IEnumerable<(string, string)> secrets, List<Problem> problems)
    {
        if (!users.TryGetValue((name, realm), out var user))
            users[(name, realm)] = user = new(name, realm);
        foreach (var (kind, value) in secrets)
        {
            var at = user.Secrets.FindIndex(s => s.Kind == kind);
            if (at < 0)
                user.Secrets.Add((kind, value));
            else if (user.Secrets[at].Value != value && !(Hashes && kind.StartsWith("scram-", StringComparison.Ordinal)))
                problems.Add(new(path, line, $"{user.Name}: a second {kind}; the first one counts"));
        }
    }

    List<(string, string)>? Secrets(Sasldb2Record record, out string complaint)
    {
        complaint = "";
        if (Text(record.Value) is not { } text)
        {
            complaint = "not UTF-8, or with a NUL in it";
            return null;
        }
        switch (record.Property)
        {
            case "userPassword":
                complaint = "an empty password";
                return text.Length == 0 ? null : Stored($"{{PLAIN}}{text}");
            case "cmusaslsecretOTP":
                complaint = "not an OTP sequence";
                return OtpSecretText.Parse(text) is { } otp ? [(OtpKind, $"{{OTP}}{OtpSecretText.Format(otp)}")] : null;
            case "authPassword":
                complaint = "not SCRAM keys";
                return ScramSecretText.Parse(text) is { } scram ? [Keys(scram)] : null;
            default:
                complaint = "nothing here uses it";
                return null;
        }
    }

    /// <summary>The rows of a stored password.</summary>
    List<(string, string)> Stored(string stored)
    {
        if (!Hashes || SchemeOf(stored).ToUpperInvariant() is not ("PLAIN" or "CLEARTEXT" or "CLEAR"))
            return [(Sasldb.PasswordKind, stored)];
        var password = Encoding.UTF8.GetBytes(stored[(stored.IndexOf('}') + 1)..]);
        return [(Sasldb.PasswordKind, PasswordScheme.Make(Hash, password) ?? stored), .. _scram.Select(h => Keys(ScramSecret.Derive(h, password, RandomNumberGenerator.GetBytes(ScramSecret.SaltSize), Iterations)))];
    }

    static (string, string) Keys(ScramSecret secret) => (secret.Hash.MechanismName.ToLowerInvariant(), ScramSecretText.Format(secret, ScramForm.Dovecot));

    static string SchemeOf(string stored) => stored.IndexOf('}') is var end and > 0 ? stored[1..end] : "";

    /// <summary>Null for what is no text; an OTP sequence ends in a NUL of its own.</summary>
    static string? Text(byte[] value)
    {
        try
        {
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(value is [.., 0] ? value[..^1] : value);
            return text.Contains('\0') ? null : text;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    string Realm(string realm) => realm.Equals(DropRealm, StringComparison.OrdinalIgnoreCase) ? "" : realm.ToLowerInvariant();

    static string? Complaint(string user, string realm) => user.Length == 0 ? "no user name"
        : user.Length + realm.Length > LongestName ? $"a name longer than {LongestName} characters"
        : (user + realm).Any(c => char.IsControl(c) || char.IsWhiteSpace(c)) ? "a name with a blank or a control character"
        // It would be looked up as another one: the realm begins at the last "@".
        : realm.Contains('@') || (realm.Length == 0 && user.Contains('@')) ? "a name with an \"@\" that would be taken for another's" : null;
}
