using Sasl.Hosting.Configuration;
using Sasl.Protocols.Saslauthd;

namespace TestSaslauthd.Cache;

/// <summary>The options of one run of saslcache.</summary>
/// <param name="ControlPath">From -m, which names Cyrus' cache.mmap in the run directory, or the directory.</param>
sealed record CacheCommandLine(ControlKind Kind, string ControlPath, string? User, string? Realm)
{
    const string Letters = "dfm:r:su:", DefaultDirectory = "/run/saslauthd";

    /// <summary>Null for a usage error.</summary>
    public static CacheCommandLine? Parse(ReadOnlySpan<string> arguments)
    {
        var read = ShortOptions.Parse(arguments, Letters);
        var (directory, user, realm) = (DefaultDirectory, (string?)null, (string?)null);
        var kinds = new List<ControlKind>();
        foreach (var option in read.Options)
        {
            switch (option.Letter)
            {
                case 's':
                    kinds.Add(ControlKind.Statistics);
                    break;
                case 'd':
                    kinds.Add(ControlKind.Dump);
                    break;
                case 'f':
                    kinds.Add(ControlKind.Flush);
                    break;
                case 'm':
                    directory = Directory.Exists(option.Argument) ? option.Argument : Path.GetDirectoryName(Path.GetFullPath(option.Argument!))!;
                    break;
                case 'u':
                    user = option.Argument;
                    break;
                default:
                    realm = option.Argument;
                    break;
            }
        }
        var isGood = read.Problem is null && read.Operands.Count == 0 && kinds is [_] && user?.Length != 0 && (user is null ? realm is null : kinds[0] == ControlKind.Flush);
        return isGood ? new(kinds[0], Path.Combine(directory, ControlClient.SocketName), user, realm) : null;
    }
}
