// Invariants of this file:
//  * Without an answer from every database that could have known him, nobody is told that his password is wrong: the failure is temporary.
//  * A user who is not there costs a hash, as one who is there does.
//  * An answer is used for the login that it was asked for and for no other.
using AuthServer.Logins;
using Microsoft.Extensions.Logging;
using Sasl.Credentials;
using Sasl.Credentials.Schemes;
using Sasl.Mechanisms;

namespace AuthServer.Passdb;

/// <summary>A passdb and its place in the chain.</summary>
sealed record PassdbEntry(IPassdb Passdb, PassdbRules Rules)
{
    /// <summary>Its name in the log: what the block is called, else its driver.</summary>
    public string Name { get; init; } = Passdb.Driver;
}

/// <summary>The passdbs in their order. What each answer does to the chain is in its rules; by default the first that says yes decides.</summary>
sealed class PassdbChain(IReadOnlyList<PassdbEntry> passdbs, HashWorkers hashing, ILogger log, bool isVerbose, PasswordPolicy? passwords = null, TimeProvider? time = null)
{
    delegate ValueTask<PassdbRow> Asker(PassdbEntry entry, LoginFacts login, bool isProven, CancellationToken stop);

    const PassdbAbilities CanTell = PassdbAbilities.Secrets | PassdbAbilities.Names;

    readonly UsualSecrets _usual = new(passdbs.Select(p => p.Passdb), (passdb, sample) =>
    {
        var weak = sample.Where(PasswordScheme.IsWeakText).ToList();
        if (weak.Count > 0 && passwords is { AllowWeak: false })
            log.WeakSchemes(passdb.Driver, sample.Count, weak.Count, string.Join(' ', weak.Select(PasswordScheme.NameOf).Distinct()));
    });

    readonly PasswordPolicy _passwords = passwords ?? PasswordPolicy.Default;
    readonly PasswordUpgrades? _upgrades = passwords is { Upgrade: true } ? new(hashing, passwords.Iterations, log, time ?? TimeProvider.System) : null;

    public IReadOnlyList<PassdbEntry> Passdbs => passdbs;

    /// <summary>Rounds of most users' SCRAM keys, 0 when none were seen: a decoy's are the same.</summary>
    public int UsualIterations => _usual.Iterations;

    /// <summary>Most users who can log in by this kind of secret have keys of it, and no cleartext password.</summary>
    public bool HasKeys(SecretKind kind) => _usual.HasKeys(kind);

    /// <summary>Looks at what the databases have, before anybody asks; once root has been given up.</summary>
    public void Begin() => _ = _usual.BeginAsync(hashing);

    /// <summary>The client has its answer: what his login has left to be done is begun.</summary>
    public void Answered(LoginFacts login)
    {
        if (login.Upgrade is not { } upgrade)
            return;
        login.Upgrade = null;
        _upgrades?.Begin(upgrade);
    }

    /// <summary>At least one of them can be asked whether a user exists.</summary>
    public bool KnowsNames { get; } = passdbs.Any(p => !p.Rules.IsMaster && (p.Passdb.Abilities & CanTell) != 0);

    public bool HasMasters { get; } = passdbs.Any(p => p.Rules.IsMaster);

    /// <summary>Is this the user's password? Throws when it is cancelled: the time of all is over, or nobody waits any more.</summary>
    /// <param name="masters">Ask those who know the master users, and no others.</param>
    public async ValueTask<PassdbRow> VerifyAsync(LoginFacts login, ReadOnlyMemory<byte> password, CancellationToken stop, bool masters = false)
    {
        var hasSpent = false;
        login.Password = password;
        try
        {
            var row = await RunAsync(login, PassdbAbilities.Passwords | PassdbAbilities.Secrets, masters, async (entry, l, isProven, s) =>
            {
                if (!entry.Passdb.Abilities.HasFlag(PassdbAbilities.Secrets))
                {
                    hasSpent |= !isProven;
                    return isProven ? PassdbRow.Found() : await entry.Passdb.VerifyAsync(l, password, s);
                }
                var found = await FindAsync(entry, l, s);
                // Whose password is proven already is only looked up in the databases behind.
                if (isProven || found.Kind != PassdbKind.Found)
                    return found;
                hasSpent |= found.Passwords.Count > 0;
                while (true)
                {
                    var compared = await VerifyStoredAsync(entry, found, l, password, s);
                    if (compared.Kind == PassdbKind.Mismatch)
                        PassdbFields.Refuse(l, found);
                    if (await entry.Passdb.JudgedAsync(l, found, compared.Kind == PassdbKind.Found, s) is not { } fresh)
                        return compared;
                    if (fresh.Kind != PassdbKind.Found)
                        return fresh;
                    found = fresh;
                }
            }, stop);
            if (row.Kind is PassdbKind.Unknown or PassdbKind.Mismatch && !hasSpent)
                await _usual.SpendAsync(password, hashing, stop);
            return row;
        }
        catch (HashingOverloadException overload)
        {
            return PassdbRow.Failed(overload.Message);
        }
        finally
        {
            login.Password = default;
        }
    }

    /// <summary>The user's secret for a mechanism; with a refusal when he may not log in though he knows it.</summary>
    public async ValueTask<(PassdbRow Row, StoredSecret? Secret)> FindSecretAsync(LoginFacts login, SecretKind kind, CancellationToken stop)
    {
        StoredSecret? secret = null;
        var row = await RunAsync(login, PassdbAbilities.Secrets, false, async (entry, l, isProven, s) =>
        {
            var found = await FindAsync(entry, l, s);
            if (found.Kind != PassdbKind.Found)
                return found;
            // Whose secret is known already is only looked up in the databases behind.
            if (isProven)
                return found;
            secret = StoredPasswords.Find(found.Passwords, kind);
            return secret is null ? new(PassdbKind.Mismatch, $"no secret for {l.Origin.Mechanism} is stored") { Fields = found.Fields } : found;
        }, stop);
        return (row, secret);
    }

    /// <summary>What an unknown user's decoy should look like.</summary>
    public SecretKind? UsualKind(SecretKind wanted) => _usual.Kind(wanted);

    public ValueTask<PassdbRow> ValidateAsync(LoginFacts login, ReadOnlyMemory<byte> token, CancellationToken stop) =>
        RunAsync(login, PassdbAbilities.Tokens, false, (entry, l, _, s) => entry.Passdb.ValidateAsync(l, token, s), stop);

    /// <summary>Does the user exist, and what do the passdbs say of him? Failed when none of them can tell.</summary>
    public async ValueTask<PassdbRow> LookUpAsync(LoginFacts login, CancellationToken stop)
    {
        return KnowsNames
            ? await RunAsync(login, CanTell, false, (entry, l, _, s) => FindAsync(entry, l, s), stop)
            : PassdbRow.Failed("Configured passdbs don't support credentials lookups");
    }

    /// <summary>
    /// Whether he who has proven himself in another way may log in: he is known, not denied, comes from an allowed network. Where no passdb can tell who
    /// is there, only the deny passdbs have a say.
    /// </summary>
    public async ValueTask<PassdbRow> AcceptAsync(LoginFacts login, CancellationToken stop)
    {
        if (KnowsNames)
            return await LookUpAsync(login, stop);
        var row = await RunAsync(login, PassdbAbilities.None, false, (_, _, _, _) => new(PassdbRow.Unknown), stop);
        return row.Kind == PassdbKind.Unknown && login.Refusal is null ? PassdbRow.Found() : row;
    }

    async ValueTask<PassdbRow> RunAsync(LoginFacts login, PassdbAbilities need, bool masters, Asker ask, CancellationToken stop)
    {
        var (worst, isOk, isProven) = (PassdbRow.Unknown, false, false);
        foreach (var entry in passdbs)
        {
            var rules = entry.Rules;
            if (rules.IsMaster != masters || !rules.Serves(login.User, login.Origin.Mechanism) || rules.IsSkipped(isOk))
                continue;
            if (rules.IsDeny)
            {
                var denied = await FindAsync(entry, login, stop);
                login.Explanation?.Add($"{entry.Name} (deny): {denied.Kind}");
                if (denied.Kind is PassdbKind.Found or PassdbKind.Mismatch or PassdbKind.Disabled or PassdbKind.Expired)
                    return Refused(entry, login, new(PassdbKind.Mismatch, $"user is in the deny passdb {entry.Name}"));
                // Who cannot be shown to be allowed is not let in.
                if (denied.Kind == PassdbKind.Failed)
                    return Refused(entry, login, denied);
                continue;
            }
            if ((entry.Passdb.Abilities & need) == 0)
                continue;
            var row = await ask(entry, login, isProven, stop);
            if (row.Kind == PassdbKind.Found)
                row = PassdbFields.Accept(entry, login, row);
            login.Explanation?.Add($"{entry.Name}: {row.Kind}{(row.Reason.Length > 0 ? $" ({row.Reason})" : "")}");
            switch (row.Kind)
            {
                case PassdbKind.Found:
                    isProven = true;
                    login.Source = entry.Name;
                    break;
                case PassdbKind.Disabled or PassdbKind.Expired:
                    // The password was right: no other database may say otherwise.
                    return Refused(entry, login, row);
                case PassdbKind.Failed:
                    Refused(entry, login, row);
                    worst = row;
                    break;
                default:
                    Refused(entry, login, row);
                    worst = worst.Kind == PassdbKind.Failed ? worst : row;
                    break;
            }
            var result = row.Kind switch { PassdbKind.Found => rules.Success, PassdbKind.Failed => rules.InternalFailure, _ => rules.Failure };
            if (result is ChainResult.ContinueOk or ChainResult.ContinueFail)
                isOk = result == ChainResult.ContinueOk;
            if (result == ChainResult.ReturnOk || (result == ChainResult.Return && isOk))
                return row.Kind == PassdbKind.Found ? row : PassdbRow.Found();
            if (result == ChainResult.ReturnFail || result == ChainResult.Return)
                return row.Kind == PassdbKind.Found ? PassdbRow.Mismatch : worst;
        }
        return isOk ? PassdbRow.Found() : worst;
    }

    /// <summary>The one place where a database is asked for what is stored.</summary>
    async ValueTask<PassdbRow> FindAsync(PassdbEntry entry, LoginFacts login, CancellationToken stop)
    {
        var row = await entry.Passdb.FindAsync(login, stop);
        if (row.Kind != PassdbKind.Found)
            return row;
        _usual.Remember(row.Passwords);
        if (row["noauthenticate"] is null)
            return row;
        PassdbFields.Store(entry, login, row);
        return new(PassdbKind.Unknown, "noauthenticate is set");
    }

    /// <summary>
    /// Puts a secret in another's place where that still stands: in the database that has it. For a user who is not there the first database is asked all
    /// the same, and takes its time.
    /// </summary>
    public async ValueTask<bool> ReplaceSecretAsync(LoginFacts login, StoredSecret expected, StoredSecret replacement, CancellationToken stop)
    {
        if (StoredPasswords.Format(replacement) is not { } text)
            return false;
        PassdbEntry? first = null;
        foreach (var entry in passdbs)
        {
            if (entry.Rules is { IsDeny: true } or { IsMaster: true } || !entry.Rules.Serves(login.User, login.Origin.Mechanism) || !entry.Passdb.Abilities.HasFlag(PassdbAbilities.Secrets))
                continue;
            first ??= entry;
            var row = await FindAsync(entry, login, stop);
            if (row.Kind == PassdbKind.Found && row.Passwords.FirstOrDefault(p => StoredPasswords.IsSame(p, expected)) is { } old)
                return await entry.Passdb.ReplaceAsync(login, row.Passwords, [.. row.Passwords.Select(p => ReferenceEquals(p, old) ? text : p)], stop);
        }
        return first is not null && await first.Passdb.ReplaceAsync(login, [], [], stop);
    }

    async ValueTask<PassdbRow> VerifyStoredAsync(PassdbEntry entry, PassdbRow row, LoginFacts login, ReadOnlyMemory<byte> password, CancellationToken stop)
    {
        if (row["nopassword"] is not null)
            return row.Passwords.Count == 0 ? row : PassdbRow.Failed("nopassword is set, and there is a password");
        var compared = await StoredPasswords.VerifyAsync(password, row.Passwords, login.GivenName, hashing, _passwords.AllowWeak, stop);
        if (compared.Matches is not { } isRight)
            return StoredPasswords.Decisive(row.Passwords) is null && row.Passwords.All(p => PasswordScheme.Problem(p) is null) ? new(PassdbKind.Mismatch, "no password is stored") : PassdbRow.Failed(compared.Reason);
        if (isRight && _upgrades is not null)
            login.Upgrade = PasswordUpgrade.For(entry, login, row.Passwords, password.Span);
        return isRight ? row : PassdbRow.Mismatch;
    }

    /// <summary>
    /// Notes why, for the one line that the login's end is worth. That some other database does not know a user is not why his password is wrong.
    /// </summary>
    PassdbRow Refused(PassdbEntry entry, LoginFacts login, PassdbRow row)
    {
        if (row.Kind == PassdbKind.Failed)
            log.Unavailable(entry.Name, login.Who, row.Reason);
        else if (row.Kind != PassdbKind.Unknown || login.Refusal is null)
            login.Refusal = (entry.Name, Words(entry, row), entry.Rules.IsVerbose ?? isVerbose);
        return row;
    }

    /// <summary>Who only verifies has words of his own for it, which no log scanner knows.</summary>
    static string Words(PassdbEntry entry, PassdbRow row) =>
        row.Kind == PassdbKind.Mismatch && (entry.Passdb.Abilities & PassdbAbilities.Passwords) != 0 && row.Reason != PassdbRow.Mismatch.Reason
            ? $"{PassdbRow.Mismatch.Reason}{(row.Reason.Length > 0 ? $" ({row.Reason})" : "")}" : row.Reason;
}
