using System.Security.Cryptography;
using System.Text;
using Sasl.Hosting.Configuration;
using Sasl.Hosting.Metrics;
using Sasl.Hosting.Unix;

namespace MailSupervisor.House;

/// <summary>Where each process tells its metrics: a socket of its own that only the supervisor's user may connect to. Workers have none.</summary>
static class MetricsPlans
{
    const int LongestName = 32;

    public static ListenerPlan? Supervisor(HousePaths paths) => For("mailsupervisor", paths);

    /// <summary>A base_dir that leaves no room for a socket's name costs the metrics, not the house.</summary>
    public static ChildPlan With(ChildPlan child, HousePaths paths, List<Problem> problems)
    {
        if (For(child.Name, paths) is { } listener)
            return child with { Listeners = [.. child.Listeners, listener] };
        problems.Add(new("dovecot.conf", 0, $"base_dir is too long: no metrics of {child.Name}", IsWarning: true));
        return child;
    }

    static ListenerPlan? For(string name, HousePaths paths)
    {
        var path = Path.Combine(paths.Metrics, FileName(name));
        // It is bound under a name with the process id first.
        return Encoding.UTF8.GetByteCount(path) + 11 > UnixSockets.LongestPath ? null
            : new(MetricsServer.ListenerName, path, 0x180, null, null, new Dictionary<string, string>());
    }

    /// <summary>The child's name in the process table, fit for a file; it becomes the label "process".</summary>
    static string FileName(string name)
    {
        var plain = string.Create(name.Length, name, static (span, text) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = char.IsAsciiLetterOrDigit(text[i]) || text[i] is '.' or '_' ? text[i] : '-';
        });
        return plain.Length <= LongestName ? plain : $"{plain[..(LongestName - 9)]}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..8]}";
    }
}
