namespace Interop.Tests.Matrix;

/// <summary>One thing that a cell proves, in words that stand in the document.</summary>
/// <param name="What">"right password", "wrong password refused".</param>
/// <param name="Run">Throws when it is not so.</param>
sealed record Case(string What, Func<Task> Run)
{
    /// <summary>
    /// What the peer does wrong, exactly; <see cref="Run"/> then proves that it still does, so that the line goes when the peer is mended.
    /// </summary>
    public string? Fault { get; init; }
}

/// <summary>Gives the cases of the cells it knows, nothing for the others.</summary>
delegate IEnumerable<Case> CaseSource(Sasl.Mechanisms.SaslMechanism mechanism, Peers.Peer peer);
