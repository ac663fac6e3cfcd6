using System.Collections.Frozen;
using Sasl.Credentials;
using Sasl.Credentials.Sources;

namespace Saslauthd;

/// <summary>The words of -a. A new one is one line here.</summary>
static class MechanismTable
{
    public delegate IPasswordSource Factory(string? option, HashWorkers workers);

    public static readonly FrozenDictionary<string, Factory> All = new Dictionary<string, Factory>
    {
        ["shadow"] = (_, workers) => new ShadowSource(workers),
        ["sasldb"] = (path, workers) => new SasldbSource(new Sasldb(Path.GetFullPath(path ?? Sasldb.DefaultPath)), workers, Environment.MachineName),
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
}
