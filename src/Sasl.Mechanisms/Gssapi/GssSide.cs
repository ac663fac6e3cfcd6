namespace Sasl.Mechanisms.Gssapi;

/// <summary>What one exchange holds of the library: names, a credential, the context. Opened by the first step, off the caller's thread.</summary>
abstract class GssSide(GssMechanism mechanism, SaslSettings settings) : IDisposable
{
    GssContext? _context;

    protected GssMechanism Mechanism => mechanism;

    protected SaslSettings Settings => settings;

    /// <summary>The context as far as it has come; there is one when a step has succeeded.</summary>
    public GssContext Context => _context ?? throw new InvalidOperationException("no step has succeeded");

    /// <summary>One step of the negotiation. The failure is final.</summary>
    public async ValueTask<(GssStep Step, SaslOutcome.Failure? Failure)> StepAsync(ReadOnlyMemory<byte> token)
    {
        if (GssLibrary.Missing(settings) is { } missing)
            return (default, new(FailureKind.Temporary, missing));
        // The call is waited for in any case: it reads the token, which is the session's.
        return GssThreads.Shared.TryRun(() => Step(token)) is { } work
            ? await work.ConfigureAwait(false)
            : (default, new(FailureKind.Temporary, "too many Kerberos exchanges wait for a thread"));
    }

    /// <summary>The context outlives the exchange: whoever takes it disposes it.</summary>
    public GssContext TakeContext()
    {
        var context = Context;
        _context = null;
        return context;
    }

    public virtual void Dispose() => _context?.Dispose();

    /// <summary>Gets the credential and makes an empty context.</summary>
    protected abstract GssContext? Open(out GssError? error);

    protected abstract SaslOutcome.Failure NotOpened(GssError error);

    protected abstract SaslOutcome.Failure NotTaken(GssError error, bool isFirst);

    (GssStep, SaslOutcome.Failure?) Step(ReadOnlyMemory<byte> token)
    {
        var isFirst = _context is null;
        if (isFirst)
        {
            _context = Open(out var notOpened);
            if (notOpened is not null)
                return (default, NotOpened(notOpened));
        }
        var step = _context!.Step(token.Span);
        return (step, step.Error is { } error ? NotTaken(error, isFirst) : null);
    }
}
