namespace MailServers.Smtp.Addresses;

/// <summary>The parameters behind a path (RFC 5321 §4.1.2 Mail-parameters): KEY or KEY=VALUE between blanks, keys without case.</summary>
static class PathParameters
{
    public static IEnumerable<(string Key, string? Value, string Text)> Split(string rest)
    {
        foreach (var word in rest.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = word.IndexOf('=');
            yield return equals < 0 ? (word.ToUpperInvariant(), null, word) : (word[..equals].ToUpperInvariant(), word[(equals + 1)..], word);
        }
    }
}
