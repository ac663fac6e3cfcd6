using AuthServer.Users;
using Sasl.Credentials;
using Sasl.Hosting.Unix;

namespace AuthServer.Userdb;

/// <summary>One uid for all: "uid=vmail gid=vmail home=/var/vmail/%d/%n". Whether a user exists is asked of the passdbs.</summary>
sealed class StaticUserdb : IUserdb
{
    readonly uint _uid, _gid;
    readonly string _home;
    readonly string[] _fields;
    readonly IReadOnlyList<Func<string, bool>?> _known;
    readonly HashWorkers _workers;

    StaticUserdb(uint uid, uint gid, string home, string[] fields, IReadOnlyList<Func<string, bool>?> known, HashWorkers workers) =>
        (_uid, _gid, _home, _fields, _known, _workers) = (uid, gid, home, fields, known, workers);

    public string Driver => "static";

    /// <summary>Null, and what is wrong, when the arguments cannot be used.</summary>
    /// <param name="known">Of each passdb, how to ask whether a user exists; null where it cannot be asked.</param>
    public static StaticUserdb? Open(string arguments, IReadOnlyList<Func<string, bool>?> known, HashWorkers workers, out string problem)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var word in arguments.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = word.IndexOf('=');
            values[equals < 0 ? word : word[..equals]] = equals < 0 ? "yes" : word[(equals + 1)..];
        }
        problem = values.Values.Select(UserVariables.FindUnknown).FirstOrDefault(v => v is not null) is { } unknown ? $"unknown variable {unknown}" : "";
        values.Remove("uid", out var user);
        values.Remove("gid", out var group);
        if (Uid(user) is not { } uid)
            problem = $"uid={user}: no such user";
        else if (Gid(group, uid) is not { } gid)
            problem = $"gid={group}: no such group";
        else if (problem.Length == 0)
        {
            values.Remove("home", out var home);
            var all = values.Remove("allow_all_users", out var allow) && allow == "yes";
            return new(uid, gid, home ?? "", [.. values.Select(v => $"{v.Key}={v.Value}")], all ? [] : known, workers) { AllowsAll = all };
        }
        return null;
    }

    bool AllowsAll { get; init; }

    public async ValueTask<Lookup> FindAsync(string user, bool isAuthenticated, CancellationToken stop)
    {
        if (!AllowsAll && !isAuthenticated)
        {
            var exists = await ExistsAsync(user, stop);
            if (exists is null)
                return Lookup.Failed("no passdb can say whether a user exists: set allow_all_users=yes if every name is one");
            if (exists is false)
                return Lookup.NotFound;
        }
        return new(LookupKind.Found, _uid, _gid, UserVariables.Expand(_home, user), [.. _fields.Select(f => UserVariables.Expand(f, user))], "");
    }

    /// <summary>True when one passdb knows the user; null when none does and one could not be asked.</summary>
    async ValueTask<bool?> ExistsAsync(string user, CancellationToken stop)
    {
        bool? answer = _known.Count == 0 || _known.Contains(null) ? null : false;
        foreach (var knows in _known)
        {
            try
            {
                if (knows is not null && _workers.TryRun(() => knows(user), stop) is { } work)
                {
                    if (await work)
                        return true;
                }
                else
                {
                    answer = null;
                }
            }
            catch (Exception failure) when (failure is IOException or UnixException)
            {
                answer = null;
            }
        }
        return answer;
    }

    static uint? Uid(string? text) => text is null ? null : uint.TryParse(text, out var uid) ? uid : Accounts.Find(text)?.Uid;

    static uint? Gid(string? text, uint uid) =>
        text is null ? Accounts.Find(uid)?.Gid : uint.TryParse(text, out var gid) ? gid : Accounts.FindGroup(text);
}
