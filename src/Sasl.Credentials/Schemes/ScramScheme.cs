using System.Globalization;
using System.Security.Cryptography;
using Sasl.Mechanisms;

namespace Sasl.Credentials.Schemes;

/// <summary>The keys of one SCRAM mechanism, "{SCRAM-SHA-256}iterations,salt,StoredKey,ServerKey": they check a plain password too.</summary>
static class ScramScheme
{
    /// <summary>RFC 7677 §4; above it the client waits too, at each login.</summary>
    public const int NewIterations = 4096;

    const int MostIterations = 10_000_000;

    public static IEnumerable<PasswordScheme> All => ScramHash.All.Select(Of);

    static PasswordScheme Of(ScramHash hash) => new(hash.MechanismName, Compare, (password, how) => Make(hash, password, how))
    {
        Cost = CostOf, IsMechanisms = true,
    };

    static bool? Compare(ReadOnlySpan<byte> password, in StoredForm stored, string user)
    {
        if (Read(stored) is not { } secret)
            return null;
        if (password.IsEmpty)
            return false;
        // RFC 5802 §2.2 has it prepared; who made the keys may not have done so.
        var isPrepared = Preparation.TryPreparePassword(StringPreparation.SaslPrep, password, out var prepared);
        var matches = (isPrepared && secret.Verify(prepared)) || (!prepared.AsSpan().SequenceEqual(password) && secret.Verify(password));
        CryptographicOperations.ZeroMemory(prepared);
        return matches;
    }

    static string? Make(ScramHash hash, ReadOnlySpan<byte> password, NewPassword how)
    {
        var rounds = how.Rounds > 0 ? how.Rounds : NewIterations;
        if (rounds is < NewIterations or > MostIterations || !Preparation.TryPreparePassword(StringPreparation.SaslPrep, password, out var prepared))
            return null;
        var secret = ScramSecret.Derive(hash, prepared, RandomNumberGenerator.GetBytes(ScramSecret.SaltSize), rounds);
        CryptographicOperations.ZeroMemory(prepared);
        return ScramSecretText.Format(secret, ScramForm.Dovecot)[(hash.MechanismName.Length + 2)..];
    }

    static SchemeCost CostOf(StoredForm stored)
    {
        if (Read(stored) is not { } secret)
            return default;
        var nobodys = new byte[secret.Hash.Size];
        return new(string.Create(CultureInfo.InvariantCulture, $"{secret.Hash.MechanismName} {secret.Iterations}"),
            ScramSecretText.Format(new(secret.Hash, secret.Iterations, secret.Salt, nobodys, nobodys), ScramForm.Dovecot), 0,
            secret.Iterations > MostIterations ? $"the stored keys have {secret.Iterations} iterations; {MostIterations} are the most that are computed here" : null);
    }

    static ScramSecret? Read(in StoredForm stored) => ScramSecretText.Parse($"{{{stored.Scheme!.Name}}}{stored.Text}");
}
