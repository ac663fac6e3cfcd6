namespace Sasl.Credentials.Ldap;

/// <summary>The connection on which entries are looked up: made when it is first needed, shared by all logins, made again when it broke.</summary>
sealed class LdapLookup(LdapServers servers, LdapIdentity identity) : IAsyncDisposable
{
    // Firewalls forget a silent connection after some minutes, without telling either end. The first server also gets its chance again.
    static readonly TimeSpan _longestSilence = TimeSpan.FromMinutes(11);

    readonly Lock _gate = new();
    Task<(LdapConnection? Connection, LdapResult Result)>? _opening;

    public LdapIdentity Identity => identity;

    /// <summary>The connection, or why the server will not have us.</summary>
    /// <exception cref="LdapException">No server can be asked.</exception>
    public async Task<(LdapConnection? Connection, LdapResult Result)> FindAsync(CancellationToken stop)
    {
        Task<(LdapConnection?, LdapResult)> opening;
        lock (_gate)
        {
            if (_opening is null || IsOver(_opening))
            {
                _ = CloseAsync(_opening);
                // Nobody's own deadline: the others wait for the same connection.
                _opening = servers.BindAsync(identity, null, CancellationToken.None);
            }
            opening = _opening;
        }
        return await opening.WaitAsync(stop);
    }

    public async ValueTask DisposeAsync()
    {
        Task<(LdapConnection?, LdapResult)>? last;
        lock (_gate)
            (last, _opening) = (_opening, null);
        await CloseAsync(last);
    }

    static bool IsOver(Task<(LdapConnection? Connection, LdapResult Result)> opening) => opening.IsCompleted
        && !(opening.IsCompletedSuccessfully && opening.Result.Connection is { IsUsable: true } connection && connection.Silence < _longestSilence);

    static async Task CloseAsync(Task<(LdapConnection? Connection, LdapResult Result)>? opening)
    {
        try
        {
            if (opening is not null && (await opening).Connection is { } connection)
                await connection.DisposeAsync();
        }
        catch (LdapException)
        {
            // It was never made.
        }
    }
}
