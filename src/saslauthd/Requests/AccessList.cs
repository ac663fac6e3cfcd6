using System.Globalization;
using System.Runtime.InteropServices;
using Sasl.Hosting.Configuration;
using Sasl.Hosting.Unix;

namespace Saslauthd.Requests;

/// <summary>Who may ask, beside the mode of the directory: users, and members of groups, as the kernel says who they are. Root always may.</summary>
sealed class AccessList
{
    readonly HashSet<uint> _users, _groups;

    AccessList(HashSet<uint> users, HashSet<uint> groups) => (_users, _groups) = (users, groups);

    /// <summary>Everybody who may enter the directory.</summary>
    public static AccessList Everybody { get; } = new([], []);

    /// <summary>The names of socket_users and socket_groups; each that does not exist is a problem.</summary>
    public static AccessList Read(string file, Settings settings, List<Problem> problems) => new(
        Ids(file, SaslauthdConf.SocketUsers, settings, name => Accounts.Find(name)?.Uid, problems),
        Ids(file, SaslauthdConf.SocketGroups, settings, Accounts.FindGroup, problems));

    /// <summary>Nobody is kept out.</summary>
    public bool IsOpen => _users.Count == 0 && _groups.Count == 0;

    public bool Allows(SafeHandle socket, PeerCredentials peer) => IsOpen || peer.Uid == 0 || _users.Contains(peer.Uid) || _groups.Contains(peer.Gid)
        || (_groups.Count > 0 && RawSockets.GroupsOf(socket).Any(_groups.Contains));

    static HashSet<uint> Ids(string file, Setting setting, Settings settings, Func<string, uint?> find, List<Problem> problems)
    {
        var ids = new HashSet<uint>();
        foreach (var word in settings.List(setting))
        {
            if ((uint.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : find(word)) is { } id)
                ids.Add(id);
            else
                problems.Add(new(file, 0, $"{setting.Name}: nobody is called {word}"));
        }
        return ids;
    }
}
