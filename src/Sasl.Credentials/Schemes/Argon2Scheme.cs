using System.Globalization;
using System.Security.Cryptography;

namespace Sasl.Credentials.Schemes;

/// <summary>Argon2 in the form that its makers write: "$argon2id$v=19$m=65536,t=3,p=1$salt$hash", base64 without padding.</summary>
static class Argon2Scheme
{
    public const string Prefix = "$argon2";

    /// <summary>RFC 9106 §4, the second recommendation: 64 MiB in three passes; one lane, as only one core computes it.</summary>
    const int NewMemory = 64 << 10, NewPasses = 3, NewSalt = 16, NewHash = 32;

    const int LongestPart = 128, LeastHash = 4, LeastSalt = 8, MostPasses = 64, MostLanes = 64;

    /// <summary>KiB, of all passes together.</summary>
    const long MostEffort = 4L << 20;

    /// <param name="kind">Of new hashes; any is compared.</param>
    public static PasswordScheme Of(string name, Argon2Kind kind, params string[] aliases) => new(name, Compare, (password, how) => Make(kind, password, how))
    {
        Aliases = aliases, Cost = CostOf, IsUpToDate = static _ => true,
    };

    public static bool? Compare(ReadOnlySpan<byte> password, in StoredForm stored, string user)
    {
        if (Read(stored.Text) is not { } read || Excess(read.Cost) is not null)
            return null;
        var computed = new byte[read.Hash.Length];
        Argon2.Hash(read.Cost, password, read.Salt, computed);
        return CryptographicOperations.FixedTimeEquals(computed, read.Hash) && !password.IsEmpty;
    }

    public static SchemeCost CostOf(StoredForm stored)
    {
        if (Read(stored.Text) is not { } read)
            return default;
        var parameters = stored.Text[..stored.Text.LastIndexOf('$', stored.Text.LastIndexOf('$') - 1)];
        // The hash of a password nobody has.
        var setting = $"{(stored.Scheme!.Name == PasswordScheme.Bare ? "" : $"{{{stored.Scheme.Name}}}")}{parameters}${Text(read.Salt)}${Text(new byte[read.Hash.Length])}";
        return new(parameters, setting, (long)read.Cost.Memory << 10, Excess(read.Cost));
    }

    static string? Excess(Argon2Cost cost) => (long)cost.Memory << 10 > SchemeCost.MostMemory || (long)cost.Memory * cost.Passes > MostEffort || cost.Passes > MostPasses || cost.Lanes > MostLanes
        ? $"the stored hash needs {cost.Memory} KiB and {cost.Passes} passes, more than is given to one here ({SchemeCost.MostMemory >> 10} KiB)" : null;

    static string? Make(Argon2Kind kind, ReadOnlySpan<byte> password, NewPassword how)
    {
        var cost = new Argon2Cost(kind, NewMemory, how.Rounds > 0 ? how.Rounds : NewPasses, 1);
        if (password.IsEmpty || Excess(cost) is not null)
            return null;
        var (salt, hash) = (RandomNumberGenerator.GetBytes(NewSalt), new byte[NewHash]);
        Argon2.Hash(cost, password, salt, hash);
        return string.Create(CultureInfo.InvariantCulture, $"{Prefix}{(kind == Argon2Kind.Id ? "id" : "i")}$v={Argon2.Version}$m={cost.Memory},t={cost.Passes},p={cost.Lanes}${Text(salt)}${Text(hash)}");
    }

    static (Argon2Cost Cost, byte[] Salt, byte[] Hash)? Read(string text)
    {
        if (text.Split('$') is not ["", var name, "v=19", var parameters, var salt, var hash] || parameters.Split(',') is not [var m, var t, var p])
            return null;
        Argon2Kind? kind = name switch { "argon2id" => Argon2Kind.Id, "argon2i" => Argon2Kind.I, "argon2d" => Argon2Kind.D, _ => null };
        // RFC 9106 §3.1: eight blocks a lane at least.
        return kind is { } k && Number(m, "m=") is { } memory && Number(t, "t=") is > 0 and { } passes && Number(p, "p=") is > 0 and { } lanes && memory >= 8L * lanes
            && Bytes(salt) is { Length: >= LeastSalt } s && Bytes(hash) is { Length: >= LeastHash } h ? (new(k, memory, passes, lanes), s, h) : null;
    }

    static int? Number(string text, string name) =>
        text.StartsWith(name, StringComparison.Ordinal) && int.TryParse(text.AsSpan(name.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    static byte[]? Bytes(string text)
    {
        var bytes = new byte[LongestPart];
        return text.Length <= LongestPart && !text.Contains('=') && Convert.TryFromBase64String(text + new string('=', -text.Length & 3), bytes, out var count) ? bytes[..count] : null;
    }

    static string Text(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(bytes).TrimEnd('=');
}
