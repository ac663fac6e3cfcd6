namespace Sasl.Hosting.Configuration;

/// <summary>
/// Reads the smtpd_*_restrictions lists as smtpd will: unknown names, missing arguments, and whether anything stops strangers from
/// relaying. A server that would answer every mail with an error, or relay for everybody, is refused before it starts.
/// </summary>
static class RestrictionCheck
{
    public const string NothingGuards =
        "in parameter smtpd_relay_restrictions or smtpd_recipient_restrictions, specify at least one working instance of: "
        + "reject_unauth_destination, defer_unauth_destination, reject, defer, defer_if_permit";

    static readonly Setting[] _lists =
    [
        MainCf.SmtpdClientRestrictions, MainCf.SmtpdHeloRestrictions, MainCf.SmtpdSenderRestrictions, MainCf.SmtpdRelayRestrictions,
        MainCf.SmtpdRecipientRestrictions, MainCf.SmtpdDataRestrictions, MainCf.SmtpdEndOfDataRestrictions, MainCf.SmtpdEtrnRestrictions,
    ];

    /// <summary>Whether a parameter is one of the lists.</summary>
    public static bool IsList(string parameter) => _lists.Any(l => l.Name == parameter);

    /// <param name="report">Called with the parameter's name, the message, a suggestion and whether it is a warning only.</param>
    public static void Names(Settings settings, Action<string, string, string?, bool> report)
    {
        var classes = settings.List(MainCf.SmtpdRestrictionClasses);
        foreach (var list in _lists)
            Names(list.Name, settings.List(list), classes, report);
        foreach (var name in classes)
        {
            if (!settings.Explicit.ContainsKey(name))
                report(MainCf.SmtpdRestrictionClasses.Name, $"restriction class \"{name}\" is not defined", NearMiss.Find(name, settings.Explicit.Keys), false);
            else if (RestrictionTable.Find(name) is null)
                Names(name, ClassWords(settings, name), classes, report);
        }
    }

    static void Names(string parameter, IReadOnlyList<string> words, IReadOnlyList<string> classes, Action<string, string, string?, bool> report)
    {
        for (var i = 0; i < words.Count; i++)
        {
            var word = words[i];
            if (word.Contains(':'))
                report(parameter, $"access table \"{word}\": not implemented in this version", null, false);
            else if (RestrictionTable.Find(word) is { } restriction)
            {
                if (!restriction.IsSupported)
                    report(parameter, $"restriction {word}: not implemented in this version", null, false);
                if (restriction.TakesArgument && ++i == words.Count)
                    report(parameter, $"restriction {word} needs an argument", null, false);
            }
            else if (!classes.Contains(word, StringComparer.Ordinal))
                report(parameter, $"unknown smtpd restriction: \"{word}\"", NearMiss.Find(word.ToLowerInvariant(), RestrictionTable.Names.Concat(classes)), false);
        }
    }

    /// <summary>Whether a stranger's mail for a foreign domain comes to a refusal in one of the two lists.</summary>
    public static bool IsGuarded(Settings settings) =>
        Guards(settings, settings.List(MainCf.SmtpdRelayRestrictions), 0) is true
        || Guards(settings, settings.List(MainCf.SmtpdRecipientRestrictions), 0) is true;

    /// <summary>True: guarded. False: an unconditional permit comes first. Null: the list ends without either.</summary>
    static bool? Guards(Settings settings, IReadOnlyList<string> words, int depth)
    {
        var warnsOnly = false;
        foreach (var word in words)
        {
            var warned = warnsOnly;
            warnsOnly = word.Equals("warn_if_reject", StringComparison.OrdinalIgnoreCase);
            if (word.Equals("permit", StringComparison.OrdinalIgnoreCase))
                return false;
            if (warned)
                continue;
            if (RestrictionTable.Find(word) is { } restriction)
            {
                if (restriction.GuardsRelay)
                    return true;
            }
            else if (depth < 100 && settings.List(MainCf.SmtpdRestrictionClasses).Contains(word) && Guards(settings, ClassWords(settings, word), depth + 1) is { } result)
                return result;
        }
        return null;
    }

    static IReadOnlyList<string> ClassWords(Settings settings, string name) =>
        SettingValue.SplitList(MainCfExpansion.Expand(settings, settings.Raw(name) ?? ""));
}
