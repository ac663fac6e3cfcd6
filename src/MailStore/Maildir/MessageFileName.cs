namespace MailStore.Maildir;

/// <summary>
/// The name of a message file: <c>base[,S=bytes][,W=bytes with CRLF]:2,flags</c>. What stands before the colon identifies the
/// message and never changes; letters that are not ours and what follows a further comma are kept as they are.
/// </summary>
static class MessageFileName
{
    const string Letters = "DFRST";
    static readonly MessageFlags[] _flags =
        [MessageFlags.Draft, MessageFlags.Flagged, MessageFlags.Answered, MessageFlags.Seen, MessageFlags.Deleted];

    public static ReadOnlySpan<char> BaseOf(ReadOnlySpan<char> name) => name.IndexOf(':') is >= 0 and var colon ? name[..colon] : name;

    /// <summary>The letters of a name: the flags and, as bits, the keywords a to z.</summary>
    public static (MessageFlags Flags, uint Keywords) FlagsOf(ReadOnlySpan<char> name)
    {
        var (flags, keywords) = (MessageFlags.None, 0u);
        foreach (var letter in Info(name))
        {
            if (letter is >= 'a' and <= 'z')
                keywords |= 1u << (letter - 'a');
            else if (Letters.IndexOf(letter, StringComparison.Ordinal) is >= 0 and var index)
                flags |= _flags[index];
        }
        return (flags, keywords);
    }

    /// <summary>The name that the same message has with other flags.</summary>
    public static string WithFlags(string name, MessageFlags flags, uint keywords)
    {
        var letters = new List<char>();
        foreach (var letter in Info(name))
            if (letter is not (>= 'a' and <= 'z') && !Letters.Contains(letter) && !letters.Contains(letter))
                letters.Add(letter);
        for (var i = 0; i < Letters.Length; i++)
            if ((flags & _flags[i]) != 0)
                letters.Add(Letters[i]);
        for (var i = 0; i < 26; i++)
            if ((keywords & 1u << i) != 0)
                letters.Add((char)('a' + i));
        letters.Sort();
        return $"{BaseOf(name)}:2,{new string([.. letters])}{Rest(name)}";
    }

    /// <summary>A size field of the base, ",S=" or ",W=".</summary>
    public static long? Field(ReadOnlySpan<char> name, char key)
    {
        var rest = BaseOf(name);
        while (rest.IndexOf(',') is >= 0 and var comma)
        {
            rest = rest[(comma + 1)..];
            if (rest.Length < 3 || rest[0] != key || rest[1] != '=')
                continue;
            var digits = rest[2..];
            if (digits.IndexOf(',') is >= 0 and var end)
                digits = digits[..end];
            return long.TryParse(digits, System.Globalization.NumberStyles.None, null, out var value) ? value : null;
        }
        return null;
    }

    /// <summary>When the message was delivered, as its name begins; null when it says nothing sensible.</summary>
    public static DateTimeOffset? Time(ReadOnlySpan<char> name)
    {
        var dot = name.IndexOf('.');
        return dot is > 0 and < 12 && long.TryParse(name[..dot], System.Globalization.NumberStyles.None, null, out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
    }

    static ReadOnlySpan<char> Info(ReadOnlySpan<char> name)
    {
        var info = name[BaseOf(name).Length..];
        if (!info.StartsWith(":2,"))
            return [];
        info = info[3..];
        return info.IndexOf(',') is >= 0 and var comma ? info[..comma] : info;
    }

    static ReadOnlySpan<char> Rest(ReadOnlySpan<char> name)
    {
        var info = name[BaseOf(name).Length..];
        return info.StartsWith(":2,") && info[3..].IndexOf(',') is >= 0 and var comma ? info[(3 + comma)..] : [];
    }
}
