namespace Sasl.Protocols.DovecotAuth;

/// <summary>A line on a master or userdb socket, parsed as far as all its commands have in common.</summary>
public abstract record MasterCommand
{
    /// <summary>Dovecot's own bound is 1024 bytes; names may be that long here, so a line may be longer.</summary>
    public const int LongestLine = 8192;

    MasterCommand()
    {
    }

    public sealed record Version(int Major, int Minor) : MasterCommand;

    /// <summary>REQUEST, USER, PASS, LIST, CACHE-FLUSH, … and our own.</summary>
    /// <param name="Id">Not 0.</param>
    /// <param name="Fields">What stands behind the id, unescaped.</param>
    public sealed record Query(string Verb, uint Id, string[] Fields) : MasterCommand
    {
        /// <summary>The value of "name=value", "" for a bare "name", or null.</summary>
        public string? this[string name] => TabLine.Value(Fields, name);
    }

    public sealed record Broken(string Reason) : MasterCommand;

    public static MasterCommand Parse(string line)
    {
        var fields = TabLine.Split(line);
        return fields switch
        {
            ["VERSION", var major, var minor] when uint.TryParse(major, out var m) && uint.TryParse(minor, out var n) =>
                new Version((int)Math.Min(m, int.MaxValue), (int)Math.Min(n, int.MaxValue)),
            ["VERSION", ..] => new Broken("VERSION without two numbers"),
            ["CPID", ..] => new Broken("a client on the master socket"),
            [{ Length: > 0 } verb, var id, .. var rest] when TryId(id, out var i) => new Query(verb, i, rest),
            _ => new Broken("a line without a command and an id"),
        };
    }

    public static bool TryId(string field, out uint id) =>
        uint.TryParse(field, System.Globalization.NumberStyles.None, null, out id) && id != 0;
}
