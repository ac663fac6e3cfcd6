using System.Runtime.InteropServices;
using Sasl.Credentials;
using Sasl.Hosting.Unix;
using Sasl.Protocols.Saslauthd;

namespace Saslauthd.Requests;

/// <summary>What a connection meets: who may ask, how many at once, how long a request may be, and who answers it.</summary>
sealed record Reception(Verifier Verifier, AccessList Access, RequestLimits Limits, RequestBuffers Buffers, Denials Denials)
{
    /// <summary>
    /// The reply to a good request, for a client and for the administrator who wants to know why: what is remembered, the limits, the mechanisms. At once when
    /// nobody has to be asked.
    /// </summary>
    /// <param name="asker">The uid of the program that asks; not wanted before somebody has to be asked.</param>
    public ValueTask<string> AnswerAsync(SaslauthdRequest request, Func<uint> asker, Explanation? explanation, CancellationToken stop)
    {
        var look = Verifier.Look(request, explanation);
        if (look.IsKnown)
            return ValueTask.FromResult("OK");
        explanation?.Add($"limits: {Limits.Count} other requests are under way or waiting");
        var uid = asker();
        return Limits.TryEnter(uid) ? AskAsync(request, look, uid, explanation, stop) : ValueTask.FromResult(Verifier.TurnAway(request));
    }

    async ValueTask<string> AskAsync(SaslauthdRequest request, CacheLook look, uint uid, Explanation? explanation, CancellationToken stop)
    {
        try
        {
            return await Verifier.AskAsync(request, look, uid, explanation, stop);
        }
        finally
        {
            Limits.Leave(uid);
        }
    }

    public bool Admits(SafeHandle socket, PeerCredentials peer)
    {
        if (Access.Allows(socket, peer))
            return true;
        SaslauthdMetrics.Denied();
        Denials.Report(peer);
        return false;
    }
}
