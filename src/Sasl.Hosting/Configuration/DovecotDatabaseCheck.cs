namespace Sasl.Hosting.Configuration;

/// <summary>One passdb or userdb section.</summary>
static class DovecotDatabaseCheck
{
    /// <summary>Drivers by name and whether this version has them.</summary>
    static readonly Dictionary<string, bool> _passdb = new(StringComparer.Ordinal)
    {
        ["saslauthd"] = true, ["shadow"] = true, ["pam"] = true, ["sasldb"] = true, ["passwd"] = false, ["bsdauth"] = false, ["passwd-file"] = false,
        ["ldap"] = false, ["sql"] = false, ["static"] = false, ["dict"] = false, ["lua"] = false, ["checkpassword"] = false, ["oauth2"] = false, ["imap"] = false,
    };

    static readonly Dictionary<string, bool> _userdb = new(StringComparer.Ordinal)
    {
        ["passwd"] = true, ["static"] = true, ["passwd-file"] = false, ["prefetch"] = false, ["ldap"] = false, ["sql"] = false, ["dict"] = false,
        ["checkpassword"] = false, ["lua"] = false,
    };

    static readonly string[] _honoured = ["driver", "args", "name"];

    static readonly string[] _ignored =
    [
        "default_fields", "override_fields", "deny", "master", "pass", "skip", "mechanisms", "username_filter", "result_success", "result_failure",
        "result_internalfail", "auth_verbose", "fields",
    ];

    public static void Run(DovecotSection section, List<Problem> problems)
    {
        var drivers = section.Name == "passdb" ? _passdb : _userdb;
        var driver = section.Value("driver") ?? section.Argument;
        var line = section.Assignments.LastOrDefault(a => a.Name == "driver")?.Line ?? section.Line;
        if (driver.Length == 0)
            problems.Add(new(section.File, section.Line, $"{section.Name} without a driver"));
        else if (!drivers.TryGetValue(driver, out var isSupported))
            problems.Add(new(section.File, line, $"Unknown {section.Name} driver '{driver}'", NearMiss.Find(driver, drivers.Keys)));
        else if (!isSupported)
            problems.Add(new(section.File, line, $"{section.Name} driver {driver}: not implemented in this version"));
        foreach (var assignment in section.Assignments.Where(a => !_honoured.Contains(a.Name)))
        {
            if (!_ignored.Contains(assignment.Name))
                problems.Add(new(assignment.File, assignment.Line, $"Unknown setting: {section.Name} {{ {assignment.Name} }}", NearMiss.Find(assignment.Name, _honoured.Concat(_ignored))));
            // A restriction that is not honoured would let in whom it was to keep out.
            else if (assignment.Name is "deny" or "master" or "mechanisms" or "username_filter" && assignment.Value is not ("no" or ""))
                problems.Add(new(assignment.File, assignment.Line, $"{section.Name}: {assignment.Name}: not implemented in this version"));
            else
                problems.Add(new(assignment.File, assignment.Line, $"{section.Name}: {assignment.Name}: not implemented in this version, ignored", IsWarning: true));
        }
    }
}
