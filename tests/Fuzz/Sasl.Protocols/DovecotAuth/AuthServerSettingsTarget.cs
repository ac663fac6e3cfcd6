using Sasl.Protocols.DovecotAuth;

namespace Fuzz;

/// <summary>The auth server's settings as text: any settings survive it.</summary>
static class AuthServerSettingsTarget
{
    public static readonly string[] Seeds = ["plain login\nexample.com\nabc\n%Lu\n2000\nsasldb\t/x y\npasswd\t", "\n\n\t\x01\n=\n0\nx", "a=b\n\r\n"];

    public static void Run(ReadOnlySpan<byte> input)
    {
        var words = Bytes.Utf8(input).Split('\n');
        string Word(int i) => i < words.Length ? words[i] : "";
        var settings = new AuthServerSettings
        {
            Mechanisms = Word(0).Split(' ', StringSplitOptions.RemoveEmptyEntries), DefaultRealm = Word(1), UsernameChars = Word(2), UsernameFormat = Word(3), IsVerbose = words.Length % 2 == 0,
            FailureDelay = TimeSpan.FromMilliseconds(int.TryParse(Word(4), out var delay) ? delay : 0), Passdbs = [.. words.Skip(5).Take(8).Select(w => new AuthDatabase(w.Split('\t')[0], w))],
        };
        var text = settings.ToText();
        Check.Same(text, AuthServerSettings.Parse(text).ToText(), "settings written and read");
        Check.Same(settings.DefaultRealm, AuthServerSettings.Parse(text).DefaultRealm, "the realm");
        // A newer supervisor's lines are passed over.
        AuthServerSettings.Parse(text + "\nnew_setting=1\nnonsense\n=\n");
    }
}
