using System.Security.Cryptography;
using AuthServer.Logins;
using Sasl.Credentials.Schemes;
using Sasl.Mechanisms;

namespace AuthServer.Passdb;

/// <summary>
/// A password that has just proven right, and what was stored for it, to be stored better once the client has its answer. It holds the password: whoever
/// has it disposes it.
/// </summary>
sealed class PasswordUpgrade : IDisposable
{
    const string Hash = PasswordScheme.Bare;

    readonly byte[] _password;
    readonly bool _wantsHash, _wantsKeys;

    PasswordUpgrade(PassdbEntry entry, LoginFacts login, IReadOnlyList<string> stored, ReadOnlySpan<byte> password, bool wantsHash, bool wantsKeys)
    {
        (Entry, Login, Stored, _wantsHash, _wantsKeys) = (entry, login, stored, wantsHash, wantsKeys);
        // Pinned: no copy of it stays behind where the collector has moved it.
        _password = GC.AllocateUninitializedArray<byte>(password.Length, pinned: true);
        password.CopyTo(_password);
    }

    public PassdbEntry Entry { get; }

    /// <summary>As the database was asked for it.</summary>
    public LoginFacts Login { get; }

    /// <summary>What was stored when the password was compared.</summary>
    public IReadOnlyList<string> Stored { get; }

    /// <summary>Null when what is stored is good as it is. A cleartext password stays: mechanisms may live on it that a hash does not serve.</summary>
    public static PasswordUpgrade? For(PassdbEntry entry, LoginFacts login, IReadOnlyList<string> stored, ReadOnlySpan<byte> password)
    {
        if (StoredPasswords.Decisive(stored) is not { } decisive || StoredPasswords.KindOf(decisive) == SecretKind.Cleartext)
            return null;
        var wantsHash = StoredPasswords.KindOf(decisive) is null && PasswordScheme.IsOutdated(decisive);
        var wantsKeys = !stored.Any(s => StoredPasswords.KindOf(s) == SecretKind.ScramSha256);
        return wantsHash || wantsKeys
            ? new(entry, new(login.GivenName, login.User, login.Origin) { MasterUser = login.MasterUser }, stored, password, wantsHash, wantsKeys) : null;
    }

    /// <summary>What shall be stored in its place; null when the password cannot be stored so. Takes its time.</summary>
    public IReadOnlyList<string>? Make(int iterations)
    {
        var decisive = StoredPasswords.Decisive(Stored);
        var hash = _wantsHash ? PasswordScheme.Make(Hash, _password) : null;
        var keys = _wantsKeys ? PasswordScheme.Make(ScramHash.Sha256.MechanismName, _password, "", iterations) : null;
        return hash is null && keys is null ? null : [.. Stored.Select(s => s == decisive && hash is not null ? hash : s), .. keys is null ? Array.Empty<string>() : [keys]];
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(_password);
}
