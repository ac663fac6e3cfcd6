namespace AuthServer.Logins;

/// <summary>Stands between clients and databases: sees each attempt before a secret is looked at, and each decision.</summary>
interface ILoginGuard
{
    /// <summary>Null when the attempt may go on; else why not, for the log. To the client it looks like a wrong password.</summary>
    /// <param name="password">The password in UTF-8 or the token, where the mechanism has told it; else empty.</param>
    ValueTask<string?> AdmitAsync(LoginFacts login, ReadOnlyMemory<byte> password, CancellationToken stop);

    /// <summary>Called once for each login that has come to an end, also for those that were not admitted or never named a user.</summary>
    void Decided(LoginDecision decision);

    /// <summary>A login that was admitted has no end: its client went, or cancelled, before it was told anything.</summary>
    void Abandoned(LoginFacts login)
    {
    }
}
