using System.Security.Cryptography;
using System.Text;
using Sasl.Credentials.Schemes;

namespace Sasl.Credentials.Ldap;

/// <summary>Compares a password with what the directory has stored (ldap_auth_method: custom).</summary>
sealed class LdapStored
{
    const int SampleSize = 16;

    readonly Queue<string> _sample = new();
    long _changes;

    public LdapStored() => Dummy = new(Sample, () => new(null, null, Interlocked.Read(ref _changes)));

    /// <summary>Hashed for users that do not exist, in the way of those who were seen last.</summary>
    public DummyHash Dummy { get; }

    /// <summary>Whether one of the values is the password's; null when all are of schemes that nobody knows. All of them are tried, so the time tells nothing.</summary>
    public bool? Matches(ReadOnlySpan<byte> password, IReadOnlyList<byte[]> values)
    {
        var (matches, known) = (false, false);
        foreach (var value in values)
        {
            var result = Matches(password, value);
            matches |= result == true;
            known |= result is not null;
        }
        return known ? matches : null;
    }

    bool? Matches(ReadOnlySpan<byte> password, byte[] value)
    {
        // RFC 2307 §5.3 has the scheme in braces; what has none is the password itself, not a crypt(3) hash as in passwd files.
        if (value is not [(byte)'{', ..] || !value.AsSpan().Contains((byte)'}'))
        {
            Remember("");
            return value.Length > 0 && CryptographicOperations.FixedTimeEquals(password, value);
        }
        var stored = Encoding.UTF8.GetString(value);
        Remember(PasswordScheme.SettingOf(stored));
        return PasswordScheme.Matches(password, stored);
    }

    void Remember(string setting)
    {
        lock (_sample)
        {
            if (_sample.Count == SampleSize)
                _sample.Dequeue();
            _sample.Enqueue(setting);
        }
        Interlocked.Increment(ref _changes);
    }

    string[] Sample()
    {
        lock (_sample)
            return [.. _sample];
    }
}
