// Invariants of this file:
//  * A connection acts as one identity from its first to its last request; it is never bound again.
//  * An answer goes to the request of its number and to no other; what answers nothing is dropped.
//  * Who gives up takes its number off the table and tells the server; nobody else's request is harmed.
//  * When the reader ends, every request that waits fails, and none is taken any more.
using System.Collections.Concurrent;
using Sasl.Hosting.Configuration;

namespace Sasl.Credentials.Ldap;

/// <summary>A bound connection, on which many may ask at once.</summary>
sealed class LdapConnection : IAsyncDisposable
{
    readonly LdapTransport _transport;
    readonly TimeSpan _patience;
    readonly TimeProvider _time;
    readonly ConcurrentDictionary<int, LdapPending> _pending = new();
    readonly CancellationTokenSource _end = new();
    readonly CancellationToken _ended;
    readonly Task _reading;
    LdapException? _broken;
    long _lastHeard;
    int _isEnding;

    /// <param name="transport">Bound; taken over.</param>
    /// <param name="patience">How long one answer may take.</param>
    public LdapConnection(LdapUrl url, LdapTransport transport, TimeSpan patience, TimeProvider time)
    {
        (Url, _transport, _patience, _time, _lastHeard, _ended) = (url, transport, patience, time, time.GetTimestamp(), _end.Token);
        _reading = Task.Run(ReadAsync);
    }

    public LdapUrl Url { get; }

    /// <summary>A request may be sent: nothing says that the server is gone.</summary>
    public bool IsUsable => _broken is null && _isEnding == 0;

    /// <summary>How long the server has said nothing.</summary>
    public TimeSpan Silence => _time.GetElapsedTime(Volatile.Read(ref _lastHeard));

    /// <summary>RFC 4511 §4.5.</summary>
    /// <param name="most">Entries that are taken; the first beyond ends it as if the server's limit had been reached.</param>
    public async Task<LdapFound> SearchAsync(LdapSearch search, int most, CancellationToken stop)
    {
        var pending = new LdapPending(LdapResponseKind.SearchDone, most);
        return new(await AskAsync(LdapRequests.Search(search), pending, stop), pending.Entries);
    }

    /// <summary>RFC 2696: one page of a search, and where the next one begins; null behind the last.</summary>
    public async Task<(LdapFound Found, byte[]? Next)> SearchPageAsync(LdapSearch search, int size, byte[] from, CancellationToken stop)
    {
        var pending = new LdapPending(LdapResponseKind.SearchDone, size);
        var result = await AskAsync(LdapRequests.SearchPage(search, size, from), pending, stop);
        return (new(result, pending.Entries), pending.Cookie is { Length: > 0 } next ? next : null);
    }

    /// <summary>RFC 4511 §4.6: puts values in the place of others, all of which must be there.</summary>
    public Task<LdapResult> ReplaceAsync(string dn, string attribute, IReadOnlyList<byte[]> old, IReadOnlyList<byte[]> values, CancellationToken stop) =>
        AskAsync(LdapRequests.Replace(dn, attribute, old, values), new(LdapResponseKind.Modify, 0), stop);

    /// <summary>RFC 4511 §4.10.</summary>
    public Task<LdapResult> CompareAsync(string dn, string attribute, string value, CancellationToken stop) =>
        AskAsync(LdapRequests.Compare(dn, attribute, value), new(LdapResponseKind.Compare, 0), stop);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isEnding, 1) != 0)
            return;
        await _end.CancelAsync();
        await _reading;
        await _transport.DisposeAsync();
        _end.Dispose();
    }

    async Task<LdapResult> AskAsync(LdapOperation operation, LdapPending pending, CancellationToken stop)
    {
        var id = _transport.NextId();
        _pending[id] = pending;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(_patience);
        var asked = _time.GetTimestamp();
        try
        {
            if (_broken is { } before)
                throw new LdapException(before.Message, before);
            // A message that is sent in part would spoil the connection for the others: only its end stops it.
            await _transport.SendAsync(id, operation, _ended).WaitAsync(deadline.Token);
            var result = await pending.Done.Task.WaitAsync(deadline.Token);
            if (pending.IsCut)
                Abandon(id);
            return result;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            Abandon(id);
            var late = new LdapException($"{Url}: no answer within {_patience.TotalSeconds} s");
            // One search may be slow; a server that has said nothing at all since then is not asked again.
            if (Volatile.Read(ref _lastHeard) <= asked)
                Break(late);
            throw late;
        }
        catch (OperationCanceledException)
        {
            Abandon(id);
            throw;
        }
        finally
        {
            _pending.TryRemove(id, out _);
        }
    }

    void Abandon(int id)
    {
        if (IsUsable)
            _ = ForgetAsync(id);
    }

    async Task ForgetAsync(int id)
    {
        try
        {
            await _transport.SendAsync(_transport.NextId(), LdapRequests.Abandon(id), _ended);
        }
        catch (Exception gone) when (gone is LdapException or OperationCanceledException)
        {
            // Then the server has forgotten it anyhow.
        }
    }

    async Task ReadAsync()
    {
        try
        {
            while (true)
            {
                var response = await _transport.ReceiveAsync(_ended);
                Volatile.Write(ref _lastHeard, _time.GetTimestamp());
                if (response.Id == 0 && response.Result is { } notice)
                    throw new LdapException($"the server ends the connection: {notice}");
                if (_pending.TryGetValue(response.Id, out var pending))
                    pending.Take(response);
            }
        }
        catch (Exception end) when (end is LdapException or OperationCanceledException)
        {
            Break(new LdapException($"{Url}: {(end is LdapException ? end.Message : "the connection is closed")}", end));
        }
    }

    void Break(LdapException reason)
    {
        _broken ??= reason;
        foreach (var pending in _pending.Values)
            pending.Done.TrySetException(reason);
    }
}
