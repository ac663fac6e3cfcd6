using AuthServer.Logins;
using Sasl.Hosting.Configuration;
using Sasl.Protocols.DovecotAuth;

namespace Fuzz;

/// <summary>User names of clients: what passes has no control character, whatever the allowed characters say, and normalizing twice changes nothing more.</summary>
static class UserNamesTarget
{
    public static readonly string[] Seeds = ["alice", "Alice@Example.COM", "a\r\nb", "\0", "%u", "a@b@c", "\u007f", "\u00c3\u00a9"];

    static readonly UserNames _any = new(new AuthServerSettings().With(DovecotConf.AuthUsernameChars, "").With(DovecotConf.AuthDefaultRealm, "example.com"));
    static readonly UserNames _strict = new(new AuthServerSettings());

    public static void Run(ReadOnlySpan<byte> input)
    {
        var given = Bytes.Utf8(input);
        foreach (var names in (UserNames[])[_any, _strict])
        {
            if (names.Normalize(given, out _) is not { } name)
                continue;
            Check.That(name.Length > 0 && !name.Any(c => c < ' ' || c == 0x7f), "a control character in a user name");
            Check.Same(name, names.Normalize(name, out _), "a name normalized twice");
        }
        LoginTemplate.TryParse(given, out _)?.Expand(new("alice@example.com", "alice@example.com", new("imap", null, null)));
    }
}
