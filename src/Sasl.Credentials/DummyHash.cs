using Sasl.Credentials.Native;

namespace Sasl.Credentials;

/// <summary>
/// A hash of the kind that the system makes for new users, which no password matches in practice: an unknown user is hashed against it,
/// so that the time of the answer does not tell who exists.
/// </summary>
public sealed class DummyHash
{
    readonly Lazy<string> _hash = new(() => Crypt.Hash("nobody's password"u8, prefix: null) ?? "");
    int _spent;

    /// <summary>How often time was spent on it.</summary>
    public int Spent => Volatile.Read(ref _spent);

    /// <summary>Takes the time of a verification; the result is worth nothing.</summary>
    public void Spend(ReadOnlySpan<byte> password)
    {
        Interlocked.Increment(ref _spent);
        _ = Crypt.Verify(password, _hash.Value);
    }
}
