namespace Saslauthd.Defaults;

/// <summary>What a variable of such a file stands for.</summary>
enum VariableRole
{
    /// <summary>The list of -a.</summary>
    Mechanisms,

    /// <summary>-O, one word.</summary>
    MechanismOption,

    /// <summary>-n.</summary>
    Workers,

    /// <summary>-m.</summary>
    Directory,

    /// <summary>Options as they would be typed.</summary>
    Options,

    /// <summary>"yes", or the service is not started.</summary>
    Start,

    /// <summary>For people, or for a start script only.</summary>
    Label,
}

/// <summary>The variables of one family of distributions.</summary>
sealed record DefaultsDialect(string Name, IReadOnlyDictionary<string, VariableRole> Variables)
{
    /// <summary>Debian's: what its start script refuses is refused, and its directory is made as the script makes it.</summary>
    public static readonly DefaultsDialect Debian = new("Debian", new Dictionary<string, VariableRole>
    {
        ["MECHANISMS"] = VariableRole.Mechanisms, ["MECH_OPTIONS"] = VariableRole.MechanismOption, ["THREADS"] = VariableRole.Workers,
        ["OPTIONS"] = VariableRole.Options, ["START"] = VariableRole.Start, ["DESC"] = VariableRole.Label, ["NAME"] = VariableRole.Label,
        // Before 2.1.22.
        ["PARAMS"] = VariableRole.Options, ["PWDIR"] = VariableRole.Directory, ["PIDFILE"] = VariableRole.Label,
    });

    public static readonly IReadOnlyList<DefaultsDialect> All =
    [
        Debian,
        new("Red Hat", new Dictionary<string, VariableRole>
        {
            ["SOCKETDIR"] = VariableRole.Directory, ["MECH"] = VariableRole.Mechanisms, ["FLAGS"] = VariableRole.Options,
        }),
        new("SUSE", new Dictionary<string, VariableRole>
        {
            ["SASLAUTHD_AUTHMECH"] = VariableRole.Mechanisms, ["SASLAUTHD_THREADS"] = VariableRole.Workers, ["SASLAUTHD_PARAMS"] = VariableRole.Options,
        }),
        new("Gentoo and Arch", new Dictionary<string, VariableRole> { ["SASLAUTHD_OPTS"] = VariableRole.Options }),
    ];

    /// <summary>The one that knows most of these names; null when none knows any.</summary>
    public static DefaultsDialect? Of(IEnumerable<string> names) =>
        All.Select(d => (Dialect: d, Known: names.Count(d.Variables.ContainsKey))).Where(d => d.Known > 0).OrderByDescending(d => d.Known).FirstOrDefault().Dialect;
}
