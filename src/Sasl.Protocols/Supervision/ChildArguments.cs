using Sasl.Hosting.Logging;
using Sasl.Hosting.Unix;

namespace Sasl.Protocols.Supervision;

/// <summary>
/// What the supervisor writes on a child's command line: who to become and where to report. No configuration and no secret:
/// those come over the channel, after the rights are gone.
/// </summary>
public sealed record ChildArguments(string Role, string ChannelPath, LogTarget Log, uint? Uid, uint? Gid, uint[] Groups)
{
    /// <summary>The arguments, in the order that <see cref="TryParse"/> reads.</summary>
    public IEnumerable<string> ToArguments()
    {
        yield return Role;
        yield return $"--supervisor={ChannelPath}";
        yield return $"--log={(Log == LogTarget.Syslog ? "syslog" : "stderr")}";
        if (Uid is { } uid && Gid is { } gid)
            yield return $"--identity={uid}:{gid}:{string.Join(',', Groups)}";
    }

    /// <summary>Null when these are not a supervisor's arguments (a person typed them).</summary>
    public static ChildArguments? TryParse(ReadOnlySpan<string> arguments)
    {
        if (arguments.Length < 2 || arguments[0].StartsWith('-'))
            return null;
        var child = new ChildArguments(arguments[0], "", LogTarget.StandardError, null, null, []);
        foreach (var argument in arguments[1..])
        {
            var equals = argument.IndexOf('=');
            if (equals < 0)
                return null;
            var value = argument[(equals + 1)..];
            switch (argument[..equals])
            {
                case "--supervisor":
                    child = child with { ChannelPath = value };
                    break;
                case "--log":
                    child = child with { Log = value == "syslog" ? LogTarget.Syslog : LogTarget.StandardError };
                    break;
                case "--identity" when value.Split(':') is [var u, var g, var rest] && uint.TryParse(u, out var uid) && uint.TryParse(g, out var gid) && GroupsOf(rest) is { } groups:
                    child = child with { Uid = uid, Gid = gid, Groups = groups };
                    break;
                default:
                    return null;
            }
        }
        return child.ChannelPath.Length == 0 ? null : child;
    }

    static uint[]? GroupsOf(string list)
    {
        var words = list.Split(',', StringSplitOptions.RemoveEmptyEntries);
        var groups = new uint[words.Length];
        for (var i = 0; i < words.Length; i++)
        {
            if (!uint.TryParse(words[i], out groups[i]))
                return null;
        }
        return groups;
    }

    /// <summary>
    /// The first thing a child does: becomes the identity it was given, for good, before it reads anything. Throws when it cannot; the
    /// child then ends. Without an identity (the house runs as an ordinary user) only the confinement is set.
    /// </summary>
    /// <param name="denyExec">This role never starts a program.</param>
    public void BecomeIdentity(bool denyExec)
    {
        Identity.ForbidCoreDumps();
        if (Uid is { } uid && Gid is { } gid)
            Identity.Drop(uid, gid, Groups);
        else if (Identity.IsRoot)
            throw new InvalidOperationException($"{Role} was started as root without an identity to become");
        Identity.Confine(denyExec);
        Identity.Umask(0x3F);
    }
}
