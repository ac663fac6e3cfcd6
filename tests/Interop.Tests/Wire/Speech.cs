namespace Interop.Tests.Wire;

/// <summary>A mail protocol's words for the same things, on a server.</summary>
abstract class Speech
{
    public abstract string Greeting { get; }

    public abstract string Go { get; }

    public abstract string Yes { get; }

    public abstract string No { get; }

    public abstract string Other { get; }

    public abstract string Bye { get; }

    /// <summary>A command's verb in capitals and what stands behind it.</summary>
    public abstract (string Verb, string Argument) Hear(string line);

    public abstract IEnumerable<string> Announce(IReadOnlyList<string> mechanisms, bool startTls);

    public abstract string Challenge(byte[] message);

    protected static (string Word, string After) Split(string line) => line.IndexOf(' ') is >= 0 and var blank ? (line[..blank], line[(blank + 1)..]) : (line, "");
}

sealed class SmtpSpeech : Speech
{
    public override string Greeting => "220 localhost ESMTP";

    public override string Go => "220 go ahead";

    public override string Yes => "235 2.7.0 in";

    public override string No => "535 5.7.8 no";

    public override string Other => "250 ok";

    public override string Bye => "221 bye";

    public override (string Verb, string Argument) Hear(string line)
    {
        var (verb, argument) = Split(line);
        return (verb.ToUpperInvariant(), argument);
    }

    public override IEnumerable<string> Announce(IReadOnlyList<string> mechanisms, bool startTls) =>
        ["250-localhost", startTls ? "250 STARTTLS" : $"250 AUTH {string.Join(' ', mechanisms)}"];

    public override string Challenge(byte[] message) => "334 " + Convert.ToBase64String(message);
}

sealed class ImapSpeech(bool initialResponse) : Speech
{
    string _tag = "*";

    public override string Greeting => "* OK IMAP4rev1";

    public override string Go => _tag + " OK go ahead";

    public override string Yes => _tag + " OK in";

    public override string No => _tag + " NO [AUTHENTICATIONFAILED] no";

    public override string Other => _tag + " OK done";

    public override string Bye => _tag + " OK bye";

    public override (string Verb, string Argument) Hear(string line)
    {
        (_tag, var rest) = Split(line);
        var (verb, argument) = Split(rest);
        return (verb.ToUpperInvariant(), argument);
    }

    public override IEnumerable<string> Announce(IReadOnlyList<string> mechanisms, bool startTls) =>
    [
        $"* CAPABILITY IMAP4rev1{(initialResponse ? " SASL-IR" : "")}{(startTls ? " STARTTLS LOGINDISABLED" : "")}{string.Concat(mechanisms.Select(m => " AUTH=" + m))}",
        _tag + " OK done",
    ];

    public override string Challenge(byte[] message) => "+ " + Convert.ToBase64String(message);
}
