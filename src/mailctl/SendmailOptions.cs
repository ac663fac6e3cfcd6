namespace MailControl;

/// <summary>The command line of sendmail(1), as other programs have called it for forty years.</summary>
sealed record SendmailOptions
{
    public string? Sender { get; private set; }

    public string? FullName { get; private set; }

    /// <summary>-t: recipients stand in the header.</summary>
    public bool FromHeader { get; private set; }

    /// <summary>-i: a line with only a dot does not end the input.</summary>
    public bool IgnoreDots { get; private set; }

    public string? Directory { get; private set; }

    public string? Socket { get; private set; }

    public List<string> Recipients { get; } = [];

    public List<string> Warnings { get; } = [];

    /// <summary>-N, as the NOTIFY of every recipient (RFC 3461 §4.1).</summary>
    public string? Notify { get; private set; }

    /// <summary>-R, as RET.</summary>
    public string? Return { get; private set; }

    /// <summary>-V, as ENVID.</summary>
    public string? EnvelopeId { get; private set; }

    // Options with a value: the rest of the word, or the next word. The values of the second group are of no use here.
    const string WithValue = "fFrCNRV", ValueIgnored = "BLXhpOAS";

    // The value can only be the rest of the word.
    const string WithRest = "boqd";

    // Known, and without effect: they say what is done anyway, or what sendmail's own daemon did.
    const string Ignored = "GUcemvxn";

    /// <summary>Null and a reason when the line cannot be obeyed.</summary>
    public static SendmailOptions? TryParse(IReadOnlyList<string> arguments, out string problem)
    {
        var options = new SendmailOptions();
        problem = "";
        for (var i = 0; i < arguments.Count; i++)
        {
            var word = arguments[i];
            if (word == "--")
            {
                options.Recipients.AddRange(arguments.Skip(i + 1));
                break;
            }
            if (word.StartsWith("--socket=", StringComparison.Ordinal))
                options.Socket = word[9..];
            else if (word.Length < 2 || word[0] != '-')
                options.Recipients.Add(word);
            else if ((problem = options.TakeWord(word, arguments, ref i)).Length > 0)
                return null;
        }
        return options;
    }

    /// <summary>One word of letters: "-ti" is "-t -i", "-Fname" is "-F name".</summary>
    string TakeWord(string word, IReadOnlyList<string> arguments, ref int at)
    {
        for (var i = 1; i < word.Length; i++)
        {
            var (letter, rest) = (word[i], word[(i + 1)..]);
            if (!(WithValue + ValueIgnored + WithRest).Contains(letter))
            {
                if (Take(letter, "") is { Length: > 0 } problem)
                    return problem;
                continue;
            }
            if (rest.Length == 0 && !WithRest.Contains(letter))
            {
                if (++at == arguments.Count)
                    return $"-{letter} needs a value";
                rest = arguments[at];
            }
            return Take(letter, rest);
        }
        return "";
    }

    string Take(char option, string value)
    {
        switch (option)
        {
            case 'f' or 'r':
                Sender = value is "<>" ? "" : value;
                return "";
            case 'F':
                FullName = value;
                return "";
            case 'C':
                Directory = value;
                return "";
            case 't':
                FromHeader = true;
                return "";
            case 'i':
                IgnoreDots = true;
                return "";
            case 'o':
                IgnoreDots |= value.StartsWith('i');
                return "";
            case 'N':
                Notify = Unless(IsNotify(value.ToUpperInvariant()), option, value)?.ToUpperInvariant();
                return "";
            case 'R':
                Return = Unless(value.ToUpperInvariant() is "FULL" or "HDRS", option, value)?.ToUpperInvariant();
                return "";
            case 'V':
                EnvelopeId = Unless(value.Length > 0 && !value.AsSpan().ContainsAnyExceptInRange('!', '~'), option, value);
                return "";
            case 'b' when value == "m":
                return "";
            case 'b':
                return $"the mode -b{value} is not supported; only mail is submitted here";
            case 'q' or 'I':
                return $"-{option} is the queue's business: signal it instead";
            default:
                return (ValueIgnored + Ignored + WithRest).Contains(option) ? "" : $"unknown option -{option}";
        }
    }

    /// <summary>A mistake in what is only a wish does not keep the mail from going.</summary>
    string? Unless(bool isGood, char option, string value)
    {
        if (isGood)
            return value;
        Warnings.Add($"bad -{option} option value \"{value}\" -- ignored");
        return null;
    }

    static bool IsNotify(string value) => value == "NEVER" || Array.TrueForAll(value.Split(','), static v => v is "SUCCESS" or "FAILURE" or "DELAY");
}
