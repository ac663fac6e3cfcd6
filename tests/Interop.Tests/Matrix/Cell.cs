using Interop.Tests.Peers;
using Sasl.Mechanisms;

namespace Interop.Tests.Matrix;

/// <summary>A mechanism with a peer on one side: run once, however many tests ask for it.</summary>
sealed class Cell(SaslMechanism mechanism, Peer peer, IReadOnlyList<Case> cases)
{
    // More at a time would only wait for the processors.
    static readonly SemaphoreSlim _places = new(4);

    readonly Lazy<Task<CellResult>> _result = new(() => Task.Run(() => RunAsync(mechanism, peer, cases)));

    public SaslMechanism Mechanism => mechanism;

    public Peer Peer => peer;

    public Task<CellResult> ResultAsync() => _result.Value;

    static async Task<CellResult> RunAsync(SaslMechanism mechanism, Peer peer, IReadOnlyList<Case> cases)
    {
        if (!(await peer.MechanismsAsync()).Contains(mechanism.Name))
            return new(false, [], []);
        if (peer.WhyNot(mechanism.Name) is { } reason)
            return new(true, [], []) { NotTried = reason };
        if (cases.Count == 0)
            return new(true, [], ["the peer has it, and no case is written for it"]);
        var red = new List<string>();
        foreach (var one in cases)
        {
            await _places.WaitAsync();
            try
            {
                await one.Run();
            }
            catch (Exception failure)
            {
                red.Add($"{one.What}{(one.Fault is null ? "" : " (the peer's fault: is it gone?)")}: {failure}");
            }
            finally
            {
                _places.Release();
            }
        }
        return new(true, cases, red);
    }
}

/// <param name="IsSupported">The peer has the mechanism on that side.</param>
/// <param name="Cases">What was run.</param>
/// <param name="Red">What failed.</param>
sealed record CellResult(bool IsSupported, IReadOnlyList<Case> Cases, IReadOnlyList<string> Red)
{
    /// <summary>Why it was not tried; else null.</summary>
    public string? NotTried { get; init; }

    public int Proven => Cases.Count(c => c.Fault is null);
}
