using System.Text;
using MailServers.Smtp.Commands;

namespace Fuzz;

/// <summary>SMTP command lines: a command or a reply that says what is wrong; verb and arguments are pieces of the line.</summary>
static class CommandLineTarget
{
    public static readonly string[] Seeds = ["MAIL FROM:<a@b> SIZE=5", "  noop\t x  ", "\u00ff\u00fe", "Host: example.com", "QUIT", " ", "AUTH PLAIN =", "X\t:", "\u00c3\u00a9 a"];

    public static void Run(ReadOnlySpan<byte> input)
    {
        var line = CommandLine.TryParse(input.ToArray(), out var problem);
        Check.Same(line is null, problem is not null, "a command or a problem");
        if (line is null)
            return;
        Check.That(line.Verb.Length > 0 && !line.Verb.Contains(' ') && !line.Verb.Contains('\t'), "a verb with blanks");
        Check.That(line.Words.Length == 0 || line.HasArguments, "words without arguments");
        Check.Same(Encoding.UTF8.GetString(line.Arguments.Span), line.Rest, "the rest");
        Check.That(line.Text.StartsWith(line.Verb, StringComparison.Ordinal), "the text begins otherwise");
        _ = line.LooksLikeHeader;
    }
}
