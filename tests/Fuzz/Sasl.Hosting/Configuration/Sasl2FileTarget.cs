using Sasl.Hosting.Configuration;

namespace Fuzz;

/// <summary>sasl2/smtpd.conf: any text gives options or problems, every typed reading has an answer, and what is accepted gives settings that are accepted.</summary>
static class Sasl2FileTarget
{
    public static readonly string[] Seeds = ["pwcheck_method: saslauthd auxprop\nmech_list: PLAIN LOGIN\nlog_level: 3\n", "# c\npwcheck_method saslauthd\nMECH_LIST:\nlog_level: x\nunknown: 1\nlog_level: 4\n", "saslauthd_path=/x\n:\n",
        "auxprop_plugin: sql ldapdb sasldb\nsql_engine: pgsql\nsql_hostnames: a:1, b\nsql_select: SELECT %p FROM x WHERE u='%u' AND r='%r'\nldapdb_uri: ldap:x\nldapdb_base: dc=x\nscram_iteration_counter: 9999\n"];

    public static void Run(ReadOnlySpan<byte> input)
    {
        var problems = new List<Problem>();
        var file = Sasl2File.Parse("smtpd.conf", Bytes.Utf8(input).Replace('/', '_'), problems);
        Check.Same("smtpd", file.Name, "the name");
        Check.That(file.PwcheckMethod.Concat(file.MechList).Concat(file.AuxpropPlugin).All(w => w.Length > 0), "an empty word");
        Check.That(problems.Exists(p => !p.IsWarning) || (file.SaslauthdPath.Length > 0 && file.SasldbPath.Length > 0), "an empty path");
        _ = file.LogLevel;
        var plan = Sasl2FilePlan.Read(file, "", "host.example", problems);
        foreach (var (name, value) in plan.Settings.Where(_ => !problems.Exists(p => !p.IsWarning)))
            Check.That(SettingCheck.Dovecot(DovecotConf.Table.Find(name)!, value) is null, $"{name} = {value}");
    }
}
