using Sasl.Credentials.Native;

namespace Sasl.Credentials.Schemes;

/// <summary>crypt(3) hashes, all that the system's libcrypt knows; and under the name CRYPT also those that others would have put there.</summary>
static class CryptScheme
{
    /// <summary>Of new hashes: libcrypt's own default is of another age.</summary>
    const uint BcryptCost = 11;

    /// <summary>A bcrypt hash of less is made anew.</summary>
    const int LeastBcrypt = 10;

    /// <summary>They need memory, which is what makes trying many at once dear.</summary>
    static readonly string[] _demanding = ["$y$", "$gy$", "$7$", Argon2Scheme.Prefix];

    static readonly string[] _strong = ["$y$", "$gy$", "$7$", "$2", "$6$", "$5$", Argon2Scheme.Prefix];

    /// <param name="prefix">Of new hashes; null: what libcrypt prefers.</param>
    /// <param name="demanded">What a hash has to begin with.</param>
    public static PasswordScheme Of(string name, string? prefix, string demanded, params string[] aliases) => new(name,
        (password, in stored, user) => stored.Text.StartsWith(demanded, StringComparison.Ordinal) && Matches(password, stored, user),
        (password, how) => password.IsEmpty ? null : Crypt.Hash(password, prefix, how.Rounds > 0 ? (uint)how.Rounds : prefix == "$2b$" ? BcryptCost : 0u))
    {
        Aliases = aliases, IsWeak = prefix is "$1$" or "", Cost = CostOf, IsWeakKind = IsWeak, IsUpToDate = IsUpToDate,
    };

    static bool Matches(ReadOnlySpan<byte> password, in StoredForm stored, string user) =>
        stored.Text.StartsWith(Apr1.Prefix, StringComparison.Ordinal) ? Apr1.Verify(password, stored.Text)
        : stored.Text.StartsWith(Argon2Scheme.Prefix, StringComparison.Ordinal) ? Argon2Scheme.Compare(password, stored, user) == true
        : Crypt.Verify(password, stored.Text);

    static SchemeCost CostOf(StoredForm stored)
    {
        var cost = stored.Text.StartsWith(Argon2Scheme.Prefix, StringComparison.Ordinal) ? Argon2Scheme.CostOf(stored) : CryptCost.Of(stored.Text);
        return cost.Setting is { Length: > 0 } ? cost with { Setting = $"{{CRYPT}}{cost.Setting}" } : cost;
    }

    /// <summary>DES, MD5 and whatever else is not among the strong ones; not what is locked.</summary>
    static bool IsWeak(StoredForm stored) => stored.Text is not ("" or ['!' or '*', ..]) && !Array.Exists(_strong, p => stored.Text.StartsWith(p, StringComparison.Ordinal));

    static bool IsUpToDate(StoredForm stored) => Array.Exists(_demanding, p => stored.Text.StartsWith(p, StringComparison.Ordinal))
        || (stored.Text is ['$', '2', _, '$', var tens, var ones, '$', ..] && char.IsAsciiDigit(tens) && char.IsAsciiDigit(ones) && (10 * (tens - '0')) + ones - '0' >= LeastBcrypt);
}
