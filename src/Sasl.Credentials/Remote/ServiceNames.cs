namespace Sasl.Credentials.Remote;

/// <summary>Ports by name (services(5)). The mail services are known without the file, which small containers lack.</summary>
static class ServiceNames
{
    const string Services = "/etc/services";

    static readonly Dictionary<string, int> _mail = new(StringComparer.Ordinal)
    {
        ["imap"] = 143, ["imap2"] = 143, ["imap4"] = 143, ["imaps"] = 993, ["smtp"] = 25, ["submission"] = 587, ["submissions"] = 465, ["smtps"] = 465,
    };

    /// <summary>Null when it is neither a port number nor the name of one.</summary>
    public static int? Port(string text, string file = Services)
    {
        if (text.Length > 0 && text.All(char.IsAsciiDigit))
            return int.TryParse(text, out var number) && number is > 0 and <= 65535 ? number : null;
        return _mail.TryGetValue(text, out var port) ? port : Listed(text, file);
    }

    static int? Listed(string name, string file)
    {
        if (name.Length == 0 || !File.Exists(file))
            return null;
        foreach (var line in File.ReadLines(file))
        {
            var words = line.Split('#')[0].Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 1 && words[1].EndsWith("/tcp", StringComparison.Ordinal) && (words[0] == name || words.AsSpan(2).Contains(name)))
                return int.TryParse(words[1].AsSpan(0, words[1].Length - "/tcp".Length), out var port) && port is > 0 and <= 65535 ? port : null;
        }
        return null;
    }
}
