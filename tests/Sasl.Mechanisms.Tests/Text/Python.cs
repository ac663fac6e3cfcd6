using System.Diagnostics;
using System.Text;
using Testing;

namespace Sasl.Mechanisms.Tests.Text;

/// <summary>Python as a second opinion: a script reads lines and answers each with a line.</summary>
static class Python
{
    public const string Program = "/usr/bin/python3";

    public static string[] Answers(string script, IEnumerable<string> questions)
    {
        using var directory = new TemporaryDirectory();
        var (code, input) = (Path.Combine(directory.Path, "script.py"), Path.Combine(directory.Path, "input"));
        File.WriteAllText(code, script);
        File.WriteAllLines(input, questions);
        using var python = Process.Start(new ProcessStartInfo(Program, [code, input])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = Encoding.ASCII,
        })!;
        var errors = python.StandardError.ReadToEndAsync();
        var answers = python.StandardOutput.ReadToEnd();
        if (!python.WaitForExit(TimeSpan.FromMinutes(2)))
            python.Kill();
        Assert.True(python.ExitCode == 0, errors.Result);
        return answers.Split('\n')[..^1];
    }

    /// <summary>Fails where our answer is another, unless it is one of the known differences (by our answer).</summary>
    public static void Compare(string script, string[] texts, Func<string, string> own, Func<string, bool>? known = null)
    {
        var answers = Answers(script, texts.Select(Hex));
        Assert.Equal(texts.Length, answers.Length);
        var different = texts.Zip(answers, (text, answer) => (Text: text, Own: own(text), Other: answer)).Where(a => a.Own != a.Other && known?.Invoke(a.Own) != true).ToArray();
        Assert.True(different.Length == 0, $"{different.Length} different\n{string.Join('\n', different.Take(40).Select(d => $"{Hex(d.Text)}: {d.Own}, the other: {d.Other}"))}");
    }

    /// <summary>Code points in hexadecimal, as the files of the Unicode Character Database write them.</summary>
    public static string Hex(string text) => string.Join(' ', text.EnumerateRunes().Select(r => $"{r.Value:X4}"));

    public static string FromHex(string text) =>
        string.Concat(text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(c => char.ConvertFromUtf32(Convert.ToInt32(c, 16))));
}
