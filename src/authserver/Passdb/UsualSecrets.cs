using Sasl.Credentials;
using Sasl.Credentials.Schemes;
using Sasl.Mechanisms;

namespace AuthServer.Passdb;

/// <summary>
/// What most users have stored, as far as it was seen: a user who is not there is made to cost the same, so that the time of an answer tells nobody who
/// exists.
/// </summary>
sealed class UsualSecrets
{
    const int SampleSize = 64, FirstSample = 1000;

    readonly Lock _gate = new();
    readonly Queue<(string Setting, bool IsCleartext)> _seen = new();
    readonly IEnumerable<IPassdb> _passdbs;
    readonly DummyHash _dummy;
    long _changes;
    bool _isSampled;

    public UsualSecrets(IEnumerable<IPassdb> passdbs)
    {
        _passdbs = passdbs;
        _dummy = new(Sample, () => new(null, null, Interlocked.Read(ref _changes)));
    }

    public void Remember(IReadOnlyList<string> passwords)
    {
        // The first form is the one that a password is compared with.
        if (passwords.Count == 0)
            return;
        var setting = PasswordScheme.SettingOf(passwords[0]);
        lock (_gate)
        {
            if (_seen.Count == SampleSize)
                _seen.Dequeue();
            _seen.Enqueue(setting);
        }
        Interlocked.Increment(ref _changes);
    }

    /// <summary>Takes the time of a verification.</summary>
    public async ValueTask SpendAsync(ReadOnlyMemory<byte> password, HashWorkers hashing, CancellationToken stop)
    {
        if (_dummy.Setting.Length == 0)
            Spend(password);
        else if (hashing.TryRun(() => Spend(password), stop) is { } work)
            await work;
    }

    /// <summary>The kind of secret that a decoy should be of: cleartext where passwords are stored as they are.</summary>
    public SecretKind? Kind(SecretKind wanted)
    {
        lock (_gate)
            return _seen.Count > 0 && _seen.Count(s => s.IsCleartext) * 2 > _seen.Count ? SecretKind.Cleartext : wanted;
    }

    bool Spend(ReadOnlyMemory<byte> password)
    {
        _dummy.Spend(password.Span);
        return true;
    }

    /// <summary>On a hashing thread.</summary>
    string[] Sample()
    {
        if (!_isSampled)
        {
            _isSampled = true;
            foreach (var stored in _passdbs.SelectMany(p => p.Sample()).Take(FirstSample))
                Remember([stored]);
        }
        lock (_gate)
            return [.. _seen.Select(s => s.Setting)];
    }
}
