namespace Sasl.Mechanisms;

/// <summary>
/// One user's state while a challenge is out. It is held by a lock in the state itself, so that it holds between processes and servers:
/// <code>
///   sequence 499 --(1) lock--> sequence 499, locked --(2) right answer--> sequence 498
///        ^                              |
///        +------(3) anything else ------+      each arrow: compare and swap
/// </code>
/// (1) happens before the challenge is sent. RFC 2289 (protection against race attack): who watches a user type an answer could otherwise begin logins of his own and
/// try all that is missing of it before the user has finished. (2) makes a password count once: of two that answer the same challenge with it, one
/// finds another state. A lock that nobody releases ends by itself, five minutes after it was made; whoever then answers late finds another state too.
/// </summary>
sealed class OtpLock : IAsyncDisposable
{
    // No swap can be given up: nobody would know whether the lock is there, or gone.
    static readonly TimeSpan _longest = TimeSpan.FromMinutes(5);

    readonly ISaslCredentials _credentials;
    readonly SecretRequest _request;
    readonly OtpSecret _locked;
    readonly Action? _releaseDecoy;
    bool _isHeld = true;

    OtpLock(ISaslCredentials credentials, SecretRequest request, OtpSecret locked, Action? releaseDecoy) =>
        (_credentials, _request, _locked, _releaseDecoy) = (credentials, request, locked, releaseDecoy);

    /// <summary>
    /// Null when somebody else holds it. With <paramref name="isDecoy"/> there is no such user: the lock is kept beside the store, which is asked
    /// all the same and takes its time.
    /// </summary>
    public static async ValueTask<OtpLock?> TryTakeAsync(ISaslCredentials credentials, SecretRequest request, OtpSecret secret, bool isDecoy, SaslSettings settings)
    {
        var now = settings.Time.GetUtcNow();
        var locked = secret.LockUntil(now + _longest);
        if (isDecoy)
        {
            if (!settings.OtpDecoyLocks.TryTake(request.AuthenticationId, now, now + _longest))
                return null;
            await credentials.ReplaceSecretAsync(request, secret, locked, CancellationToken.None);
            return new(credentials, request, locked, () => settings.OtpDecoyLocks.Release(request.AuthenticationId));
        }
        return !(secret.LockedUntil > now) && await credentials.ReplaceSecretAsync(request, secret, locked, CancellationToken.None)
            ? new(credentials, request, locked, null) : null;
    }

    /// <summary>Puts the next state in the locked one's place: false when the lock had ended and somebody else was there.</summary>
    public async ValueTask<bool> TryReplaceAsync(OtpSecret next)
    {
        _isHeld = false;
        _releaseDecoy?.Invoke();
        return await _credentials.ReplaceSecretAsync(_request, _locked, next, CancellationToken.None);
    }

    /// <summary>Releases the lock, if it is still held.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isHeld)
            await TryReplaceAsync(_locked.LockUntil(null));
    }
}
