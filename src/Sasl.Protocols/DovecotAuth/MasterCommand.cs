namespace Sasl.Protocols.DovecotAuth;

/// <summary>A line on a master or userdb socket, parsed.</summary>
public abstract record MasterCommand
{
    /// <summary>Dovecot's own bound is 1024 bytes; names may be that long here, so a line may be longer.</summary>
    public const int LongestLine = 8192;

    MasterCommand()
    {
    }

    public sealed record Version(int Major) : MasterCommand;

    /// <summary>REQUEST: turn a finished authentication into a user.</summary>
    public sealed record Request(uint Id, int ClientPid, uint ClientId, string Cookie) : MasterCommand;

    /// <summary>USER, PASS or LIST.</summary>
    public sealed record Lookup(string Verb, uint Id, string User, string Service) : MasterCommand;

    /// <summary>CACHE-FLUSH.</summary>
    public sealed record Flush(uint Id) : MasterCommand;

    public sealed record Broken(string Reason) : MasterCommand;

    public static MasterCommand Parse(string line)
    {
        var fields = TabLine.Split(line);
        return fields switch
        {
            ["VERSION", var major, var minor] when uint.TryParse(major, out var m) && uint.TryParse(minor, out _) => new Version((int)Math.Min(m, int.MaxValue)),
            ["VERSION", ..] => new Broken("VERSION without two numbers"),
            ["CPID", ..] => new Broken("a client on the master socket"),
            ["REQUEST", var id, var pid, var client, var cookie, ..] when TryId(id, out var i) && int.TryParse(pid, out var p) && p > 0 && TryId(client, out var c) =>
                new Request(i, p, c, cookie),
            ["USER" or "PASS", var id, var user, .. var rest] when TryId(id, out var i) => Find(fields[0], i, user, rest),
            ["LIST", var id, .. var rest] when TryId(id, out var i) => new Lookup("LIST", i, TabLine.Value(rest, "user") ?? "", ""),
            ["CACHE-FLUSH", var id, ..] when TryId(id, out var i) => new Flush(i),
            ["REQUEST" or "USER" or "PASS" or "LIST" or "CACHE-FLUSH", ..] => new Broken($"a malformed {fields[0]}"),
            _ => new Broken("an unknown command"),
        };
    }

    static MasterCommand Find(string verb, uint id, string user, string[] rest) =>
        (TabLine.Value(rest, "service") ?? TabLine.Value(rest, "protocol")) is { Length: > 0 } service
            ? new Lookup(verb, id, user, service)
            : new Broken($"{verb} without a service");

    static bool TryId(string field, out uint id) =>
        uint.TryParse(field, System.Globalization.NumberStyles.None, null, out id) && id != 0;
}
