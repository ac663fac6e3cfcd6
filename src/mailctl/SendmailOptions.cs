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

    // Options with a value, which may be the rest of the word or the next word; the value of the second group is of no use here.
    const string WithValue = "fFrCSo", ValueIgnored = "BNRVLXhpOAqd";

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
            {
                options.Socket = word[9..];
                continue;
            }
            if (word.Length < 2 || word[0] != '-')
            {
                options.Recipients.Add(word);
                continue;
            }
            var value = word[2..];
            if ((WithValue + ValueIgnored).Contains(word[1]) && value.Length == 0 && word[1] is not ('q' or 'o') && ++i < arguments.Count)
                value = arguments[i];
            if ((problem = options.Take(word[1], value)).Length > 0)
                return null;
        }
        return options;
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
            case 'b' when value == "m":
                return "";
            case 'b':
                return $"the mode -b{value} is not supported; only mail is submitted here";
            case 'q' or 'I':
                return $"-{option} is the queue's business: signal it instead";
            default:
                return (ValueIgnored + Ignored + "S").Contains(option) ? "" : $"unknown option -{option}";
        }
    }
}
