using System.Runtime.InteropServices;
using Sasl.Hosting.Unix;

namespace Saslauthd.Requests;

/// <summary>What a connection meets: who may ask, how many at once, how long a request may be, and who answers it.</summary>
sealed record Reception(Verifier Verifier, AccessList Access, RequestLimits Limits, RequestBuffers Buffers, Denials Denials)
{
    public bool Admits(SafeHandle socket, PeerCredentials peer)
    {
        if (Access.Allows(socket, peer))
            return true;
        SaslauthdMetrics.Denied();
        Denials.Report(peer);
        return false;
    }
}
