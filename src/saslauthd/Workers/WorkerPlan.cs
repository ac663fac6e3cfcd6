using Sasl.Hosting.Unix;
using Sasl.Protocols.Saslauthd;

namespace Saslauthd.Workers;

/// <summary>One mechanism as it is configured: what its workers are started with and how many there may be.</summary>
/// <param name="Identity">Null: as this process.</param>
/// <param name="Settings">saslauthd.conf for the worker.</param>
/// <param name="Files">Contents that the worker could not read itself, by path.</param>
sealed record WorkerPlan(Mechanism Mechanism, string? Option, ReaderIdentity? Identity, string Settings, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Files)
{
    /// <summary>Processes at most.</summary>
    public required int Processes { get; init; }

    /// <summary>How long one query may take. Its worker keeps to it by itself where it can; one that has not a little later hangs.</summary>
    public required TimeSpan Limit { get; init; }

    public required Func<Sasl.Credentials.SourceState> State { get; init; }

    public bool IsVerbose { get; init; }

    public string Facility { get; init; } = "auth";

    public WorkerArguments Arguments(int channel) => new(Mechanism.Name, channel, Identity?.Uid, Identity?.Gid ?? 0, Identity?.Groups ?? [])
    {
        ReadsEverything = Identity?.ReadsEverything == true, MayExecute = Mechanism.MayExecute, IsConcurrent = Mechanism.IsConcurrent,
        IsVerbose = IsVerbose, Facility = Facility,
    };
}
