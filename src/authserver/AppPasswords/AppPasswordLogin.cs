using AuthServer.Logins;
using AuthServer.Passdb;
using Sasl.Credentials;
using Sasl.Credentials.Schemes;
using Sasl.Credentials.Sources;
using Sasl.Mechanisms;

namespace AuthServer.AppPasswords;

/// <summary>The app passwords in one login: beside the user's own password, or in its place.</summary>
sealed class AppPasswordLogin(AppPasswordBook book, PassdbChain passdbs)
{
    const string MainIsOff = "only app passwords are taken of this user";

    static readonly PassdbRow _noStore = PassdbRow.Failed("the app passwords cannot be read");

    AppPasswordUser _user = AppPasswordUser.None;
    IReadOnlyList<(AppPassword Password, ScramSecret Secret)> _usable = [];
    AppPassword? _proven;

    /// <summary>What becomes of the login when this is an app password, or when nobody can tell; null when the user's own has to be looked at.</summary>
    public async ValueTask<PassdbRow?> VerifyAsync(LoginFacts login, ReadOnlyMemory<byte> password, CancellationToken stop)
    {
        if (await book.FindAsync(login.User, stop) is not { } user)
            return NoStore(login);
        _user = user;
        // What does not look like one is none: most logins go on from here.
        if (!book.IsInUse || AppPasswordText.Normalize(password.Span) is not { } spelling)
            return null;
        try
        {
            if (await book.MatchAsync(user, spelling, login.Origin, stop) is not { } match)
                return null;
            var row = await passdbs.AcceptAsync(login, stop);
            login.Explanation?.Add($"app password {match.Name}: {row.Kind}");
            _proven = match;
            return row;
        }
        catch (HashingOverloadException overload)
        {
            return PassdbRow.Failed(overload.Message);
        }
    }

    /// <summary>What becomes of the login when the user's own password was looked at: it may be right and not be taken.</summary>
    public PassdbRow Main(LoginFacts login, PassdbRow row)
    {
        if (!_user.IsMainOff || row.Kind != PassdbKind.Found)
            return row;
        login.Refusal = (login.Source, MainIsOff, true);
        login.Explanation?.Add(MainIsOff);
        return new(PassdbKind.Mismatch, MainIsOff);
    }

    /// <summary>
    /// For SCRAM the app passwords that may be used here stand beside the user's own, when that can be shown with their salt: stored as it is, or with the
    /// same salt. Else they stand in its place.
    /// </summary>
    public async ValueTask<(PassdbRow Row, StoredSecret? Secret)> FindSecretAsync(LoginFacts login, SecretKind kind, PassdbRow row, StoredSecret? main, CancellationToken stop)
    {
        if (await book.FindAsync(login.User, stop) is not { } user)
            return (NoStore(login), null);
        _user = user;
        _usable = ScramHash.All.FirstOrDefault(h => h.Kind == kind) is { } hash ? book.Usable(user, login.Origin, hash) : [];
        if (_usable is not [(_, var first), ..])
            return (Main(login, row), main);
        try
        {
            var own = user.IsMainOff || row.Kind is not (PassdbKind.Found or PassdbKind.Disabled or PassdbKind.Expired) ? null : main switch
            {
                CleartextSecret cleartext => await book.DeriveAsync(cleartext, first, stop),
                ScramSecret scram when scram.CanStandBeside(first) => scram,
                _ => null,
            };
            // Whose own password is not stored for this mechanism, or nowhere that can be read, may have app passwords all the same.
            if (row.Kind is PassdbKind.Mismatch or PassdbKind.Unknown)
            {
                login.Refusal = null;
                row = await passdbs.AcceptAsync(login, stop);
            }
            return (row, row.Kind is PassdbKind.Unknown or PassdbKind.Mismatch or PassdbKind.Failed ? null
                : new ScramAlternatives([.. own is null ? Array.Empty<ScramSecret>() : [own], .. _usable.Select(u => u.Secret)]));
        }
        catch (HashingOverloadException overload)
        {
            return (PassdbRow.Failed(overload.Message), null);
        }
    }

    /// <summary>Of several secrets that would have done, this one was proven.</summary>
    public void Proven(StoredSecret? secret)
    {
        if (secret is not null)
            _proven = _usable.FirstOrDefault(u => ReferenceEquals(u.Secret, secret)).Password ?? _proven;
    }

    /// <summary>The login has succeeded: the name of the app password that did it, whose use is noted; null when none did.</summary>
    public string? Use()
    {
        if (_proven is { } proven)
            book.MarkUsed(proven.User, proven.Name);
        return _proven?.Name;
    }

    static PassdbRow NoStore(LoginFacts login)
    {
        login.Explanation?.Add(_noStore.Reason);
        return _noStore;
    }
}
