using Sasl.Hosting.Configuration;

namespace Sasl.Credentials.Ldap;

/// <summary>
/// The servers in the administrator's order. One that could not be used is passed over for some seconds, so that not every login waits for it; when
/// there is no other, it is tried all the same.
/// </summary>
sealed class LdapServers(IReadOnlyList<LdapUrl> urls, LdapConnector connector, LdapBinder binder, TimeSpan patience, TimeProvider time)
{
    /// <summary>Connections that are being made or used for a password at once.</summary>
    const int MostAtOnce = 256;

    static readonly TimeSpan _grudge = TimeSpan.FromSeconds(10);

    readonly long[] _failed = new long[urls.Count];
    readonly SemaphoreSlim _room = new(MostAtOnce);

    /// <summary>
    /// A connection bound as somebody, or the server's refusal. <paramref name="told"/> hears of each server that was tried.
    /// </summary>
    /// <exception cref="LdapException">No server could be asked.</exception>
    public async Task<(LdapConnection? Connection, LdapResult Result)> BindAsync(LdapIdentity identity, Action<string>? told, CancellationToken stop)
    {
        await _room.WaitAsync(stop);
        try
        {
            return await TryEachAsync(identity, told, stop);
        }
        finally
        {
            _room.Release();
        }
    }

    async Task<(LdapConnection?, LdapResult)> TryEachAsync(LdapIdentity identity, Action<string>? told, CancellationToken stop)
    {
        LdapException? last = null;
        foreach (var i in Enumerable.Range(0, urls.Count).OrderBy(HasFailed))
        {
            try
            {
                var (connection, result) = await BindAsync(urls[i], identity, stop);
                told?.Invoke($"{urls[i]}: bind as {identity}: {result}");
                if (result.Code is not (LdapResultCode.Busy or LdapResultCode.Unavailable))
                {
                    Volatile.Write(ref _failed[i], 0);
                    return (connection, result);
                }
                last = new($"{urls[i]}: {result}") { IsBroken = false };
            }
            catch (LdapException failure)
            {
                told?.Invoke(failure.Message);
                last = failure;
            }
            Volatile.Write(ref _failed[i], time.GetTimestamp());
        }
        throw last!;
    }

    bool HasFailed(int i) => Volatile.Read(ref _failed[i]) is not 0 and var at && time.GetElapsedTime(at) < _grudge;

    async Task<(LdapConnection?, LdapResult)> BindAsync(LdapUrl url, LdapIdentity identity, CancellationToken stop)
    {
        var transport = await connector.ConnectAsync(url, stop);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(patience);
        try
        {
            var result = await binder.BindAsync(url, transport, identity, deadline.Token);
            if (result.IsSuccess)
                return (new(url, transport, patience, time), result);
            await transport.DisposeAsync();
            return (null, result);
        }
        catch (Exception failure) when (failure is LdapException or OperationCanceledException)
        {
            await transport.DisposeAsync();
            if (stop.IsCancellationRequested)
                throw;
            var what = failure is LdapException ? failure.Message : $"no answer within {patience.TotalSeconds} s";
            throw new LdapException($"{url}: {what}", failure);
        }
    }
}
