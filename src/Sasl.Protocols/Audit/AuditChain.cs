namespace Sasl.Protocols.Audit;

/// <summary>Something that is wrong with an audit log, or worth knowing.</summary>
/// <param name="Place">File and line.</param>
/// <param name="IsWrong">False: it has an innocent reason.</param>
public sealed record AuditFinding(string Place, string What, bool IsWrong = true);

/// <summary>Follows the chain through lines that are shown to it in their order, and tells where it is broken.</summary>
public sealed class AuditChain(ReadOnlyMemory<byte> key)
{
    readonly List<AuditFinding> _findings = [];
    string? _genuine, _claimed;
    long _last;
    string? _garbagePlace;

    public IReadOnlyList<AuditFinding> Findings => _findings;

    /// <summary>Lines with a good seal.</summary>
    public long Genuine { get; private set; }

    public long First { get; private set; }

    public long Last => _last;

    /// <summary>The line, genuine or not; null when it is none.</summary>
    public AuditLine? Add(ReadOnlySpan<byte> bytes, string place)
    {
        var line = AuditLine.TryParse(bytes, key.Span);
        if (line is null)
        {
            Garbage();
            _garbagePlace = place;
            return null;
        }
        if (!line.IsGenuine)
        {
            Garbage();
            _findings.Add(new(place, $"line {line.Entry.Sequence} was changed, or was never written by the auth server"));
            _claimed = line.Seal;
            return line;
        }
        if (_garbagePlace is { } torn && line.Entry.IsAfterTorn)
        {
            _findings.Add(new(torn, "a line that a crash has cut short", IsWrong: false));
            _garbagePlace = null;
        }
        Garbage();
        Follow(line, place);
        (_genuine, _claimed, _last) = (line.Seal, null, line.Entry.Sequence);
        Genuine++;
        return line;
    }

    /// <summary>After the last line: whether it is the last one that was written.</summary>
    /// <param name="head">Null when it is not known.</param>
    public void End(AuditHead? head, string place)
    {
        Garbage();
        if (head is null)
            _findings.Add(new(place, "how far it was written is not known: whether lines are missing at the end cannot be told", IsWrong: false));
        else if (head.Sequence > _last)
            _findings.Add(new(place, Missing(_last + 1, head.Sequence) + " at the end"));
        else if (head.Sequence == _last && _genuine is not null && head.Seal != _genuine)
            _findings.Add(new(place, $"line {_last} is not the one that was written"));
    }

    void Follow(AuditLine line, string place)
    {
        var sequence = line.Entry.Sequence;
        if (_genuine is null && _claimed is null)
        {
            First = sequence;
            if (sequence != 1)
                _findings.Add(new(place, $"begins with line {sequence}: older files are not here", IsWrong: false));
        }
        else if (sequence <= _last && _genuine is not null)
        {
            _findings.Add(new(place, $"line {sequence} comes after line {_last}: doubled, or out of its place"));
        }
        else if (line.Previous != _genuine && line.Previous != _claimed)
        {
            _findings.Add(new(place, sequence > _last + 1 ? $"{Missing(_last + 1, sequence - 1)} before line {sequence}" : $"line {sequence} does not follow the line before it"));
        }
    }

    void Garbage()
    {
        if (_garbagePlace is { } place)
            _findings.Add(new(place, "not a line of an audit log"));
        _garbagePlace = null;
    }

    static string Missing(long from, long to) => from == to ? $"line {from} is missing" : $"lines {from} to {to} are missing";
}
