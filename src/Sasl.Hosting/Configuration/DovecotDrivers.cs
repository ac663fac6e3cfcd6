namespace Sasl.Hosting.Configuration;

/// <summary>The kinds of databases by name: which are here, and what there is in the place of the others.</summary>
static class DovecotDrivers
{
    const string ViaSaslauthd = "use driver = saslauthd";

    /// <summary>An empty text: it is here.</summary>
    static readonly Dictionary<string, string> _passdb = new(StringComparer.Ordinal)
    {
        ["saslauthd"] = "", ["shadow"] = "", ["passwd"] = "", ["pam"] = "", ["sasldb"] = "", ["passwd-file"] = "", ["sql"] = "", ["ldap"] = "", ["static"] = "", ["oauth2"] = "",
        ["imap"] = $"{ViaSaslauthd}, and saslauthd -a rimap -O SERVER",
        ["bsdauth"] = $"{ViaSaslauthd}, and saslauthd -a shadow or -a pam",
        ["checkpassword"] = $"{ViaSaslauthd}, and saslauthd -a httpform or -a pam",
        ["dict"] = "use passwd-file, sql or sasldb", ["lua"] = "use sql or oauth2", ["vpopmail"] = "use passwd-file or sql",
        ["sia"] = "use pam", ["mysql"] = "use driver = sql with a pgsql or sqlite database", ["pgsql"] = "use driver = sql and driver = pgsql in the file of its args",
        ["sqlite"] = "use driver = sql and driver = sqlite in the file of its args",
    };

    static readonly Dictionary<string, string> _userdb = new(StringComparer.Ordinal)
    {
        ["passwd"] = "", ["passwd-file"] = "", ["static"] = "", ["prefetch"] = "", ["sql"] = "", ["ldap"] = "",
        ["dict"] = "use passwd-file or sql", ["lua"] = "use sql", ["checkpassword"] = "use prefetch or static", ["vpopmail"] = "use passwd-file or sql", ["nss"] = "use passwd",
        ["mysql"] = "use driver = sql with a pgsql or sqlite database", ["pgsql"] = "use driver = sql and driver = pgsql in the file of its args",
        ["sqlite"] = "use driver = sql and driver = sqlite in the file of its args",
    };

    /// <summary>What is wrong with a driver's name, or null.</summary>
    public static (string Message, string? Suggestion)? Complaint(string kind, string driver)
    {
        var drivers = kind == "passdb" ? _passdb : _userdb;
        return driver.Length == 0 ? ($"{kind} without a driver", null)
            : !drivers.TryGetValue(driver, out var instead) ? ($"Unknown {kind} driver '{driver}'", NearMiss.Find(driver, drivers.Where(d => d.Value.Length == 0).Select(d => d.Key)))
            : instead.Length > 0 ? ($"{kind} driver {driver}: not implemented in this version: {instead}", null)
            : null;
    }

    public static bool Contains(string kind, string driver) => Complaint(kind, driver) is null;
}
