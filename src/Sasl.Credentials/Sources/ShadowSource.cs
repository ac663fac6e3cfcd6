using Sasl.Credentials.Native;
using Sasl.Hosting.Unix;

namespace Sasl.Credentials.Sources;

/// <summary>
/// The system's own passwords (shadow(5)). Needs root. Answers with Cyrus' texts; unlike Cyrus an expiry date of 0 is "not set", a forced
/// change (last change = 0) counts as an expired password, and an account without a usable hash takes as long as any other.
/// </summary>
public sealed class ShadowSource(HashWorkers workers, TimeProvider? time = null) : IPasswordSource
{
    const string ShadowFile = "/etc/shadow", PasswdFile = "/etc/passwd";

    readonly TimeProvider _time = time ?? TimeProvider.System;

    public string Name => "shadow";

    /// <summary>A password change, an account that comes or goes, and the day on which one expires.</summary>
    public SourceState State => SourceState.Of(ShadowFile, PasswdFile, Today);

    internal DummyHash Dummy { get; } = new(StoredHashes, () => SourceState.Of(ShadowFile));

    long Today => _time.GetUtcNow().ToUnixTimeSeconds() / 86400;

    public async ValueTask<Verdict> VerifyAsync(PasswordQuery query, CancellationToken stop) =>
        workers.TryRun(() => Verify(query), stop) is { } work ? await work : Verdict.Overloaded;

    /// <summary>On a hashing thread.</summary>
    Verdict Verify(PasswordQuery query)
    {
        var password = query.Password.Span;
        var call = "Username";
        try
        {
            if (Accounts.Find(query.User) is null)
                return Nobody(password, "Invalid username");
            call = "Username shadow";
            if (Shadow.Find(query.User) is not { } entry)
                return Nobody(password, "Invalid shadow username");
            if (entry.Hash == "*NP*")
                return new(VerdictKind.Unavailable, "Insufficient permission to access NIS authentication database (saslauthd)");
            return Judge(password, entry);
        }
        catch (UnixException failure)
        {
            return new(VerdictKind.Unavailable, $"{call} lookup failure: {System.Runtime.InteropServices.Marshal.GetPInvokeErrorMessage(failure.Error)}");
        }
    }

    /// <summary>The password first: only who knows it hears that the account has expired.</summary>
    internal Verdict Judge(ReadOnlySpan<byte> password, ShadowEntry entry)
    {
        // An empty field is "no password needed" for login(1). Over the network it is nobody's.
        if (entry.Hash.Length == 0 || entry.Hash[0] is '!' or '*')
            return Nobody(password, "Incorrect password");
        return Crypt.Verify(password, entry.Hash) ? Aging(entry) : new(VerdictKind.Refused, "Incorrect password");
    }

    Verdict Aging(ShadowEntry entry)
    {
        var today = Today;
        // shadow(5): 0 "should not be used as it is interpreted as either an account with no expiration, or expired on 1970-01-01".
        if (entry.Expires > 0 && today > entry.Expires)
            return new(VerdictKind.Disabled, "Account expired");
        // shadow(5): a last change of 0 means that the password must be changed at the next login, which cannot be done here.
        if (entry.LastChange == 0)
            return new(VerdictKind.Expired, "Password expired");
        if (entry.LastChange < 0 || entry.Maximum < 0 || entry.LastChange + entry.Maximum >= today)
            return Verdict.Ok;
        // shadow(5): after the inactivity period the account is locked, before it the password can still be changed elsewhere.
        return entry.Inactive >= 0 && entry.LastChange + entry.Maximum + entry.Inactive < today
            ? new(VerdictKind.Disabled, "Account expired")
            : new(VerdictKind.Expired, "Password expired");
    }

    /// <summary>The local ones only; of a directory server's nobody could make a list.</summary>
    static string[] StoredHashes()
    {
        try
        {
            return [.. File.ReadLines(ShadowFile).Select(line => line.Split(':')).Where(fields => fields.Length > 1 && fields[1].Length > 0).Select(fields => fields[1])];
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    Verdict Nobody(ReadOnlySpan<byte> password, string reason)
    {
        Dummy.Spend(password);
        return new(VerdictKind.Refused, reason);
    }
}
