namespace Sasl.Hosting.Configuration;

/// <summary>
/// The ldapdb_… options as a passdb ldap. Cyrus becomes the user by proxy authorization and reads "its own" entry; here the identity of ldapdb_id looks for
/// it, beneath a base that must be named.
/// </summary>
static class Sasl2FileLdap
{
    static readonly string[] _needed = ["ldapdb_uri", "ldapdb_base"];

    public static DovecotDatabase Read(Sasl2File file, List<Problem> problems)
    {
        foreach (var option in _needed.Where(o => !file.IsSet(o)))
        {
            problems.Add(new(file.Path, file.LineOf("auxprop_plugin"), option == "ldapdb_uri" ? "auxprop_plugin ldapdb needs ldapdb_uri"
                : "auxprop_plugin ldapdb needs ldapdb_base here: users are searched for (by ldapdb_filter), not asked for by proxy authorization"));
        }
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["uris"] = string.Join(' ', file.Words("ldapdb_uri")), ["base"] = file.Text("ldapdb_base"), ["pass_filter"] = file.Text("ldapdb_filter"),
            ["pass_attrs"] = "userPassword=password", ["default_pass_scheme"] = "PLAIN",
        };
        if (file.IsSet("ldapdb_id"))
        {
            settings["sasl_bind"] = "yes";
            settings["dn"] = file.Text("ldapdb_id");
            settings["dnpass"] = file.Text("ldapdb_pw");
            // "DIGEST-MD5 PLAIN": the library would take the best; the first is what the administrator thought of.
            if (file.Words("ldapdb_mech") is [var mechanism, ..])
                settings["sasl_mech"] = mechanism;
        }
        if (file.Text("ldapdb_starttls").Length > 0)
            settings["tls"] = "yes";
        return new("ldap", "", settings, file.Path, file.LineOf("ldapdb_uri"));
    }
}
