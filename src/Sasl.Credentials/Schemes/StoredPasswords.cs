using System.Text;
using Sasl.Mechanisms;

namespace Sasl.Credentials.Schemes;

/// <summary>How a password compared with what is stored.</summary>
/// <param name="Matches">Null when nobody can tell.</param>
/// <param name="Reason">Then: why, for the log; never a secret.</param>
public readonly record struct Comparison(bool? Matches, string Reason);

/// <summary>
/// All that is stored of one user's password: "{SCHEME}text", once or in several forms (a hash, and the keys of mechanisms that cannot use a hash).
/// A password is compared with what was stored for it; with a mechanism's keys only where there is nothing else.
/// </summary>
public static class StoredPasswords
{
    /// <summary>
    /// Whether one of the stored forms is the password's. Costly hashes are computed on the workers, cheap ones at once.
    /// </summary>
    /// <param name="user">The login name as the client typed it: DIGEST-MD5's form depends on it.</param>
    /// <param name="allowWeak">Forms that who steals them has soon are compared too.</param>
    /// <exception cref="HashingOverloadException">Too much is waiting: a temporary failure.</exception>
    public static async ValueTask<Comparison> VerifyAsync(ReadOnlyMemory<byte> password, IReadOnlyList<string> stored, string user, HashWorkers workers, bool allowWeak, CancellationToken stop)
    {
        var (forms, reason) = Usable(stored, allowWeak);
        if (forms.Count == 0)
            return new(null, reason);
        var (isCheap, memory) = (true, 0L);
        foreach (var (_, cost) in forms)
        {
            isCheap &= cost.IsCheap;
            memory = Math.Max(memory, cost.Memory);
        }
        var matches = isCheap ? Compare(password.Span, forms, user)
            : await (workers.TryRun(() => Compare(password.Span, forms, user), memory, stop) ?? throw new HashingOverloadException());
        return new(matches, matches is null ? "what is stored is damaged" : "");
    }

    /// <summary>The form that a password is compared with first, which settles what a login costs; null when there is none.</summary>
    public static string? Decisive(IReadOnlyList<string> stored)
    {
        string? keys = null;
        foreach (var text in stored)
        {
            if (StoredForm.Read(text).Scheme is not { } scheme || scheme == OtpScheme.Scheme)
                continue;
            if (!scheme.IsMechanisms)
                return text;
            keys ??= text;
        }
        return keys;
    }

    /// <summary>The secret of the kind that a mechanism wants, or the cleartext password, or null when neither is stored.</summary>
    public static StoredSecret? Find(IReadOnlyList<string> stored, SecretKind kind)
    {
        StoredSecret? cleartext = null;
        foreach (var text in stored)
        {
            var form = StoredForm.Read(text);
            if (form.Problem is not null)
                continue;
            if (Keys(form, kind) is { } keys)
                return keys;
            if (form.Scheme!.IsCleartext && kind != SecretKind.Otp && form.Text.Length > 0)
                cleartext ??= new CleartextSecret(Encoding.UTF8.GetBytes(form.Text));
        }
        return cleartext;
    }

    /// <summary>What kind of keys a form is: null for what serves passwords. Cleartext serves every kind.</summary>
    public static SecretKind? KindOf(string stored) => StoredForm.Read(stored) is { Problem: null } form ? KindOf(form.Scheme!) : null;

    /// <summary>Whether this text is that state of a sequence of one-time passwords.</summary>
    public static bool IsSame(string stored, StoredSecret secret) =>
        secret is OtpSecret otp && StoredForm.Read(stored) is { Problem: null } form && form.Scheme == OtpScheme.Scheme && otp.Equals(OtpScheme.Read(form.Text));

    /// <summary>The rounds of stored SCRAM keys; 0 of anything else.</summary>
    public static int IterationsOf(string stored) => ScramSecretText.Parse(stored)?.Iterations ?? 0;

    /// <summary>The text that a secret is stored as, for the mechanisms that put one in another's place.</summary>
    public static string? Format(StoredSecret secret) => secret switch
    {
        OtpSecret otp => $"{{OTP}}{OtpScheme.Write(otp)}",
        ScramSecret scram => ScramSecretText.Format(scram, ScramForm.Dovecot),
        _ => null,
    };

    static SecretKind? KindOf(PasswordScheme scheme) => scheme.IsCleartext ? SecretKind.Cleartext : !scheme.IsMechanisms ? null : scheme.Name switch
    {
        "CRAM-MD5" or "HMAC-MD5" => SecretKind.CramMd5,
        "DIGEST-MD5" => SecretKind.DigestMd5,
        "OTP" => SecretKind.Otp,
        var name => ScramHash.Of(name)?.Kind,
    };

    static StoredSecret? Keys(in StoredForm form, SecretKind wanted) => !form.Scheme!.IsMechanisms || KindOf(form.Scheme) != wanted ? null : wanted switch
    {
        SecretKind.CramMd5 => new CramMd5Secret(form.Bytes),
        SecretKind.DigestMd5 => new DigestMd5Secret(form.Bytes),
        SecretKind.Otp => OtpScheme.Read(form.Text),
        _ => ScramSecretText.Parse($"{{{form.Scheme.Name}}}{form.Text}"),
    };

    static (List<(StoredForm Form, SchemeCost Cost)> Forms, string Reason) Usable(IReadOnlyList<string> stored, bool allowWeak)
    {
        var all = new StoredForm[stored.Count];
        var hasPassword = false;
        for (var i = 0; i < all.Length; i++)
        {
            all[i] = StoredForm.Read(stored[i]);
            hasPassword |= all[i].Scheme is not { IsMechanisms: true };
        }
        var (forms, reason) = (new List<(StoredForm, SchemeCost)>(1), "no password is stored");
        foreach (var form in all)
        {
            // One-time passwords are no password that could be used again.
            if (form.Scheme == OtpScheme.Scheme || (form.Scheme is { IsMechanisms: true } && (hasPassword || forms.Count > 0)))
                continue;
            var cost = form.Problem is null ? form.Scheme!.Cost(form) : default;
            if ((form.Problem ?? cost.Excess) is { } problem)
                reason = problem;
            else if (!allowWeak && PasswordScheme.IsWeakForm(form))
                reason = $"stored with the weak scheme {form.Scheme!.Name}{(form.Scheme.IsWeak ? "" : " (of a weak kind)")}, which auth_allow_weak_schemes = no refuses";
            else
                forms.Add((form, cost));
        }
        return (forms, reason);
    }

    static bool? Compare(ReadOnlySpan<byte> password, List<(StoredForm Form, SchemeCost Cost)> forms, string user)
    {
        bool? result = null;
        foreach (var (form, _) in forms)
        {
            if (form.Scheme!.Compare(password, form, user) is not { } matches)
                continue;
            if (matches)
                return true;
            result = false;
        }
        return result;
    }
}

/// <summary>More is to be hashed than there is time for.</summary>
public sealed class HashingOverloadException() : Exception("too many verifications are waiting");
