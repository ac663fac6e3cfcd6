namespace MailServers.Queue.Schedule;

/// <summary>Enhanced status codes in front of texts (RFC 3463 §2: class "." subject "." detail).</summary>
static class EnhancedStatus
{
    /// <summary>Takes the status from the front of a text; the default, and the whole text, when there is none.</summary>
    public static (string Status, string Text) Split(string text, string fallback)
    {
        var blank = text.IndexOf(' ');
        var word = blank < 0 ? text : text[..blank];
        return IsOne(word) ? (word, blank < 0 ? "" : text[(blank + 1)..].TrimStart()) : (fallback, text);
    }

    public static bool IsOne(string word)
    {
        if (word.Length < 5 || word[0] is not ('2' or '4' or '5') || word[1] != '.')
            return false;
        var dot = word.IndexOf('.', 2);
        return dot is > 2 and <= 5 && word.Length - dot is >= 2 and <= 4
            && word.AsSpan(2, dot - 2).IndexOfAnyExceptInRange('0', '9') < 0 && word.AsSpan(dot + 1).IndexOfAnyExceptInRange('0', '9') < 0;
    }
}
