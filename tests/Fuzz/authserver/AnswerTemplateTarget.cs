using AuthServer.Logins;

namespace Fuzz;

/// <summary>Texts with variables of an answer: a template or a FormatException; what is in an answer is never looked at for variables again.</summary>
static class AnswerTemplateTarget
{
    public static readonly string[] Seeds = ["%{oauth2:sub}", "x%{oauth2:a:b}%$y", "%{oauth2:a | lower}%u", "%%{oauth2:a}", "%{oauth2:", "%{oauth2:https://x/y}", "%$%$%"];

    static readonly LoginFacts _login = new("alice", "alice", new("imap", null, null));

    public static void Run(ReadOnlySpan<byte> input)
    {
        AnswerTemplate template;
        try
        {
            template = AnswerTemplate.Parse(Bytes.Utf8(input), "oauth2");
        }
        catch (FormatException)
        {
            return;
        }
        Check.That(template.Expand(_login, _ => null) is not null || template.Names.Any() || Bytes.Utf8(input).Contains("%$"), "nothing is missing, and yet it is nothing");
        const string value = "%u%{oauth2:a}%$";
        if (Bytes.Utf8(input) == "%$")
            Check.Same(value, template.Expand(_login, _ => value, value), "a value");
        template.Expand(_login, _ => value, value);
    }
}
