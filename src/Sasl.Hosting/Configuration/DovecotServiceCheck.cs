namespace Sasl.Hosting.Configuration;

/// <summary>One service section: names of settings, numbers, modes.</summary>
static class DovecotServiceCheck
{
    static readonly string[] _services =
    [
        "auth", "auth-worker", "imap-login", "imap", "pop3-login", "pop3", "lmtp", "submission-login", "submission", "managesieve-login",
        "managesieve", "anvil", "config", "dict", "dict-async", "director", "dns_client", "dns-client", "doveadm", "health-check", "imap-hibernate",
        "imap-urlauth", "imap-urlauth-login", "imap-urlauth-worker", "indexer", "indexer-worker", "ipc", "log", "old-stats", "openmetrics",
        "quota-status", "quota-warning", "replicator", "aggregator", "stats", "ssl-params", "tcpwrap",
    ];

    static readonly string[] _honoured = ["client_limit", "process_limit"];

    static readonly string[] _ignored =
    [
        "process_min_avail", "service_count", "user", "group", "chroot", "executable", "drop_priv_before_exec", "idle_kill", "vsz_limit", "type",
        "protocol", "privileged_group", "extra_groups",
    ];

    static readonly string[] _unixSettings = ["mode", "user", "group", "path", "type"];

    static readonly string[] _inetSettings = ["address", "listen", "port", "ssl", "haproxy", "reuse_port"];

    public static void Run(DovecotSection service, List<Problem> problems)
    {
        if (!_services.Contains(service.Argument) && service.Sections("unix_listener").Concat(service.Sections("inet_listener")).Any() is false)
            problems.Add(new(service.File, service.Line, $"unknown service: {service.Argument}", NearMiss.Find(service.Argument, _services), IsWarning: true));
        foreach (var assignment in service.Assignments)
        {
            if (_honoured.Contains(assignment.Name))
                Number(assignment, problems);
            else if (_ignored.Contains(assignment.Name))
                problems.Add(new(assignment.File, assignment.Line, $"service {service.Argument}: {assignment.Name}: not implemented in this version, ignored", IsWarning: true));
            else
                problems.Add(new(assignment.File, assignment.Line, $"Unknown setting: service {service.Argument} {{ {assignment.Name} }}", NearMiss.Find(assignment.Name, _honoured.Concat(_ignored))));
        }
        foreach (var section in service.Children.OfType<DovecotSection>())
            Listener(section, problems);
    }

    static void Listener(DovecotSection section, List<Problem> problems)
    {
        var known = section.Name switch { "unix_listener" or "fifo_listener" => _unixSettings, "inet_listener" => _inetSettings, _ => null };
        if (known is null)
        {
            problems.Add(new(section.File, section.Line, $"Unknown section name: {section.Name}", NearMiss.Find(section.Name, ["unix_listener", "inet_listener", "fifo_listener"])));
            return;
        }
        if (section.Argument.Length == 0)
            problems.Add(new(section.File, section.Line, $"{section.Name} without a name"));
        foreach (var assignment in section.Assignments)
        {
            if (!known.Contains(assignment.Name))
                problems.Add(new(assignment.File, assignment.Line, $"Unknown setting: {section.Name} {section.Argument} {{ {assignment.Name} }}", NearMiss.Find(assignment.Name, known)));
            else if (assignment.Name == "mode" && DovecotConfiguration.Mode(assignment.Value) is null)
                problems.Add(new(assignment.File, assignment.Line, $"mode: \"{assignment.Value}\" is not an octal number (0660)"));
            else if (assignment.Name == "port" && Number(assignment, problems) && DovecotConfiguration.Number(assignment.Value) > 65535)
                problems.Add(new(assignment.File, assignment.Line, $"port: {assignment.Value} > 65535"));
            else if (assignment.Name is "ssl" or "haproxy" or "reuse_port" && assignment.Value.ToLowerInvariant() is not ("yes" or "no"))
                problems.Add(new(assignment.File, assignment.Line, $"{assignment.Name}: Invalid boolean value: {assignment.Value} (use yes or no)"));
            else if (assignment is { Name: "haproxy", Value: "yes" })
                problems.Add(new(assignment.File, assignment.Line, "haproxy: not implemented in this version, ignored", IsWarning: true));
        }
    }

    static bool Number(DovecotAssignment assignment, List<Problem> problems)
    {
        var isNumber = assignment.Value.Length is > 0 and < 10 && assignment.Value.All(char.IsAsciiDigit);
        if (!isNumber)
            problems.Add(new(assignment.File, assignment.Line, $"Error in setting {assignment.Name}: Invalid number {assignment.Value}"));
        return isNumber;
    }
}
