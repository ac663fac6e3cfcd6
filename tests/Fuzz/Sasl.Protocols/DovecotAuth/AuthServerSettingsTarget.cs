using Sasl.Hosting.Configuration;
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
        var settings = new AuthServerSettings { Passdbs = [.. words.Skip(5).Take(8).Select(Database)] }
            .With(DovecotConf.AuthMechanisms, Word(0)).With(DovecotConf.AuthDefaultRealm, Word(1)).With(DovecotConf.AuthUsernameChars, Word(2)).With(DovecotConf.AuthUsernameFormat, Word(3));
        var text = settings.ToText();
        Check.Same(text, AuthServerSettings.Parse(text).ToText(), "settings written and read");
        Check.Same(Word(1), AuthServerSettings.Parse(text).Values.Text(DovecotConf.AuthDefaultRealm), "the realm");
        // A newer supervisor's lines are passed over.
        AuthServerSettings.Parse(text + "\nnew_setting\t1\nset\nnonsense\n\t\n");
    }

    static AuthDatabase Database(string word) => new(word.Split('\t')[0], word) { Settings = word.Length % 2 == 0 ? new Dictionary<string, string>() : new Dictionary<string, string> { ["query"] = word } };
}
