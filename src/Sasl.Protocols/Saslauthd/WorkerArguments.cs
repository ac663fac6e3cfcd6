using System.Globalization;

namespace Sasl.Protocols.Saslauthd;

/// <summary>How saslauthd starts a worker. No secret is among these; settings come over the channel.</summary>
/// <param name="Mechanism">The word of -a.</param>
/// <param name="Channel">The number of the inherited SEQPACKET socket.</param>
/// <param name="Uid">Null: the worker keeps the identity that it is started with.</param>
public sealed record WorkerArguments(string Mechanism, int Channel, uint? Uid, uint Gid, IReadOnlyList<uint> Groups)
{
    /// <summary>The one capability is kept (see <see cref="IsReading"/> for the second stage).</summary>
    public bool ReadsEverything { get; init; }

    /// <summary>The second stage of <see cref="ReadsEverything"/>: the identity is there already.</summary>
    public bool IsReading { get; init; }

    /// <summary>It may start other programs (PAM's helpers).</summary>
    public bool MayExecute { get; init; }

    /// <summary>Many queries at once; else one after the other.</summary>
    public bool IsConcurrent { get; init; }

    public bool IsVerbose { get; init; }

    /// <summary>The syslog facility's name.</summary>
    public string Facility { get; init; } = "auth";

    public IReadOnlyList<string> ToArguments()
    {
        var arguments = new List<string> { Mechanism, Number((uint)Channel), Facility };
        if (Uid is { } uid)
            arguments.AddRange(["--as", $"{Number(uid)}:{Number(Gid)}:{string.Join(',', Groups.Select(Number))}"]);
        foreach (var (flag, isSet) in Flags)
        {
            if (isSet)
                arguments.Add(flag);
        }
        return arguments;
    }

    /// <summary>Null when they are none: somebody typed the program's name.</summary>
    public static WorkerArguments? Parse(IReadOnlyList<string> arguments)
    {
        if (arguments.Count < 3 || !int.TryParse(arguments[1], NumberStyles.None, CultureInfo.InvariantCulture, out var channel))
            return null;
        var parsed = new WorkerArguments(arguments[0], channel, null, 0, []) { Facility = arguments[2] };
        for (var i = 3; i < arguments.Count; i++)
        {
            if (arguments[i] == "--as" && i + 1 < arguments.Count && ParseIdentity(arguments[++i]) is var (uid, gid, groups))
                parsed = parsed with { Uid = uid, Gid = gid, Groups = groups };
            else if (parsed.WithFlag(arguments[i]) is { } more)
                parsed = more;
            else
                return null;
        }
        return parsed;
    }

    IEnumerable<(string Flag, bool IsSet)> Flags =>
        [("--reads-everything", ReadsEverything), ("--is-reading", IsReading), ("--may-execute", MayExecute), ("--concurrent", IsConcurrent), ("--verbose", IsVerbose)];

    WorkerArguments? WithFlag(string flag) => flag switch
    {
        "--reads-everything" => this with { ReadsEverything = true },
        "--is-reading" => this with { IsReading = true },
        "--may-execute" => this with { MayExecute = true },
        "--concurrent" => this with { IsConcurrent = true },
        "--verbose" => this with { IsVerbose = true },
        _ => null,
    };

    static (uint, uint, uint[])? ParseIdentity(string text)
    {
        var parts = text.Split(':');
        if (parts.Length != 3 || !TryNumber(parts[0], out var uid) || !TryNumber(parts[1], out var gid))
            return null;
        var groups = new List<uint>();
        foreach (var word in parts[2].Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!TryNumber(word, out var group))
                return null;
            groups.Add(group);
        }
        return (uid, gid, [.. groups]);
    }

    static bool TryNumber(string text, out uint number) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    static string Number(uint number) => number.ToString(CultureInfo.InvariantCulture);
}
