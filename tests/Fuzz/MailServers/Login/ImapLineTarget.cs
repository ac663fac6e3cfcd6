using MailServers.Login;
using MailServers.Login.Imap;

namespace Fuzz;

/// <summary>Lines before the login: tokens or an error, never more tokens than bytes (CVE-2026-27857), no NUL in a quoted string (CVE-2019-11500), and a literal only as plain digits.</summary>
static class ImapLineTarget
{
    public static readonly string[] Seeds = ["a LOGIN \"user\" pass", "a LOGIN {5}", "a LOGIN {5+}", "a ID (\"name\" \"x\")", "((((((", "a \"\\\"\\\\\"", "a {4294967295}", "a {99999999999}", "a \"x\0y\"", "a b{5}", "x(y)z", "a {-1}", "a {+}"];

    public static void Run(ReadOnlySpan<byte> input)
    {
        foreach (var continued in (bool[])[false, true])
        {
            var tokens = new List<ImapToken>();
            var result = ImapLineParser.Parse(input, continued, tokens);
            Check.That(tokens.Count <= input.Length && tokens.Sum(t => t.Bytes.Length) <= input.Length, "more tokens than text");
            Check.That(result.Error is null || result.Literal is null, "an error and a literal");
            Check.That(tokens.All(t => t.Bytes.AsSpan().IndexOfAny((byte)'\r', (byte)'\n') < 0 || t.Kind == ImapTokenKind.Atom), "a line end in a token");
            if (ImapCommand.From(tokens) is { } command)
                Check.That(command.Name.Length > 0, "a command without a name");
            Check.IsOneLine(ImapCommand.TagOf(tokens), "a tag");
        }
        var half = input.Length / 2;
        if (PlainResponse.Encode(input[..half], input[half..]) is { } response)
            Check.Same(2, Convert.FromBase64String(System.Text.Encoding.ASCII.GetString(response)).Count(b => b == 0), "NULs in a PLAIN response");
        TrustedNetworks.TryParse(Bytes.Latin1(input).Split(' '), out _);
    }
}
