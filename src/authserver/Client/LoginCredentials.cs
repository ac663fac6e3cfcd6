using AuthServer.Passdb;
using AuthServer.Users;
using Microsoft.Extensions.Logging;
using Sasl.Credentials;
using Sasl.Mechanisms;

namespace AuthServer.Client;

/// <summary>The credentials of one request: a mechanism's questions, asked of the passdbs under the rules for names.</summary>
sealed class LoginCredentials(UserNames names, PassdbChain chain, LoginOrigin origin, ILogger log, bool isVerbose) : ISaslCredentials
{
    /// <summary>The name as the client spelled it, once it has.</summary>
    public string GivenName { get; private set; } = "";

    public async ValueTask<Verification> VerifyPasswordAsync(string authenticationId, ReadOnlyMemory<byte> password, CancellationToken stop)
    {
        GivenName = authenticationId;
        if (names.Normalize(authenticationId, out var reason) is not { } user)
        {
            if (isVerbose)
                log.Refused("auth", origin.Who(authenticationId), reason);
            return Verification.Refused(FailureKind.BadCredentials, reason);
        }
        var verdict = await chain.VerifyAsync(new(user, "", origin.Service, password, origin.Remote), origin, stop);
        return verdict.Kind switch
        {
            VerdictKind.Ok => Verification.Accepted(user),
            VerdictKind.Disabled => Verification.Refused(FailureKind.Disabled, verdict.Reason),
            VerdictKind.Expired => Verification.Refused(FailureKind.Expired, verdict.Reason),
            VerdictKind.Unavailable => Verification.Refused(FailureKind.Temporary, verdict.Reason),
            _ => Verification.Refused(FailureKind.BadCredentials, verdict.Reason),
        };
    }
}
