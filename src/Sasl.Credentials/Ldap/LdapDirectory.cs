// Invariants of this file:
//  * A password is tried on a connection of its own, and never an empty one.
//  * More than one entry is nobody's: whose password would it be?
//  * A question ends in time, whatever the servers do, and holds up no other.
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Sasl.Credentials.Ldap;

/// <summary>
/// A directory that is asked for entries, all questions over one connection, and told passwords to try. Every method throws
/// <see cref="LdapException"/> when the directory cannot be asked, or will not have us.
/// </summary>
public sealed class LdapDirectory : IAsyncDisposable
{
    /// <summary>Two tell already that it is not one.</summary>
    const int Enough = 2;

    const int PageSize = 500, MostWithoutPages = 100_000, MostPages = 20_000;

    readonly LdapDirectoryOptions _options;
    readonly LdapServers _servers;
    readonly LdapLookup _lookup;

    /// <exception cref="IOException">A certificate or key cannot be read.</exception>
    /// <exception cref="FormatException">The options do not go together.</exception>
    public LdapDirectory(LdapDirectoryOptions options, TimeProvider time)
    {
        if (options.Complaint() is { } complaint)
            throw new FormatException(complaint);
        _options = options;
        var connector = new LdapConnector(LdapFiles.Tls(options.Tls, new Dictionary<string, ReadOnlyMemory<byte>>()), options.StartTls, options.Patience);
        _servers = new(options.Servers, connector, new(LdapProtocol, connector.Tls), options.Patience, time);
        _lookup = new(_servers, options.Identity);
    }

    const int LdapProtocol = 3;

    /// <summary>Why a text is no filter, or null.</summary>
    public static string? FilterProblem(string filter)
    {
        try
        {
            LdapFilterParser.Parse(filter);
            return null;
        }
        catch (FormatException wrong)
        {
            return wrong.Message;
        }
    }

    /// <summary>The one entry; null when there is none.</summary>
    /// <param name="told">Hears each step; no secrets.</param>
    public Task<LdapEntry?> FindAsync(LdapQuestion question, Action<string>? told, CancellationToken stop) => InTimeAsync(async s =>
    {
        var search = Search(question) with { SizeLimit = Enough };
        var connection = await LookupAsync(s);
        var (result, entries) = await connection.SearchAsync(search, Enough, s);
        told?.Invoke($"{connection.Url} as {_lookup.Identity}: search for {search.Filter} below \"{search.Base}\": {entries.Count} found, {result}");
        if (entries.Count > 1)
            throw new LdapException($"more than one entry matches {search.Filter}") { IsBroken = false };
        return result.Code switch
        {
            LdapResultCode.Success => entries.Count == 1 ? entries[0] : null,
            // A base that depends on the user may not be there.
            LdapResultCode.NoSuchObject => null,
            _ => throw Failed("the search", result),
        };
    }, told, stop);

    /// <summary>Whether the password is that of the entry: the server says.</summary>
    public Task<Verdict> BindAsync(string dn, ReadOnlyMemory<byte> password, Action<string>? told, CancellationToken stop) => InTimeAsync(async s =>
    {
        // RFC 4513 §5.1.1 and §5.1.2: without a name or a password the server says yes to nobody.
        if (dn.Length == 0 || password.IsEmpty)
            return new(VerdictKind.Refused, LdapVerdicts.WrongPassword);
        var (connection, result) = await _servers.BindAsync(new LdapIdentity.Simple(dn, password), told, s);
        if (connection is null)
            return LdapVerdicts.OfUserBind(result);
        await connection.DisposeAsync();
        return Verdict.Ok;
    }, told, stop);

    /// <summary>A bind as somebody who is not there, so that an unknown user takes the connections and requests of a wrong password.</summary>
    public async Task PretendAsync(string searchBase, ReadOnlyMemory<byte> password, CancellationToken stop)
    {
        var nobody = $"cn={RandomNumberGenerator.GetHexString(16, lowercase: true)}{(searchBase.Length == 0 ? "" : "," + searchBase)}";
        try
        {
            await BindAsync(nobody, password, null, stop);
        }
        catch (LdapException)
        {
            // It was for the time only.
        }
    }

    /// <summary>All entries, page by page on a connection of its own, so that no more than one page is ever in memory.</summary>
    public async IAsyncEnumerable<LdapEntry> ListAsync(LdapQuestion question, [EnumeratorCancellation] CancellationToken stop)
    {
        var (connection, bound) = await _servers.BindAsync(_lookup.Identity, null, stop);
        await using var own = connection ?? throw Failed("the bind", bound);
        var (search, next) = (Search(question), Array.Empty<byte>());
        for (var page = 0; next is not null; page++)
        {
            if (page == MostPages)
                throw new LdapException($"the list has more than {MostPages} pages") { IsBroken = false };
            LdapFound found;
            (found, next) = await own.SearchPageAsync(search, PageSize, next, stop);
            if (page == 0 && found.Result.Code == LdapResultCode.UnavailableCriticalExtension)
                (found, next) = (await own.SearchAsync(search, MostWithoutPages, stop), null);
            foreach (var entry in found.Entries)
                yield return entry;
            if (found.Result.Code is not (LdapResultCode.Success or LdapResultCode.NoSuchObject))
                throw Failed("the list", found.Result);
        }
    }

    /// <summary>Puts values in the place of others. False when one of the others is no longer there: somebody else was quicker.</summary>
    public Task<bool> ReplaceAsync(string dn, string attribute, IReadOnlyList<byte[]> old, IReadOnlyList<byte[]> values, CancellationToken stop) => InTimeAsync(async s =>
    {
        var connection = await LookupAsync(s);
        var result = await connection.ReplaceAsync(dn, attribute, old, values, s);
        return result.Code switch
        {
            LdapResultCode.Success => true,
            LdapResultCode.NoSuchAttribute or LdapResultCode.NoSuchObject => false,
            _ => throw Failed("the change", result),
        };
    }, null, stop);

    public ValueTask DisposeAsync() => _lookup.DisposeAsync();

    LdapSearch Search(LdapQuestion question) => new(question.Base, question.Scope, LdapFilterParser.Parse(question.Filter))
    {
        Aliases = _options.Aliases,
        Attributes = question.Attributes.Count > 0 ? question.Attributes : [LdapSearch.NoAttributes],
    };

    async Task<LdapConnection> LookupAsync(CancellationToken stop)
    {
        var (connection, bound) = await _lookup.FindAsync(stop);
        return connection ?? throw Failed("the bind", bound);
    }

    /// <summary>Once more when a connection broke on the way: a server was restarted, or the next one is to be asked.</summary>
    async Task<T> InTimeAsync<T>(Func<CancellationToken, Task<T>> ask, Action<string>? told, CancellationToken stop)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(_options.Deadline);
        try
        {
            try
            {
                return await ask(deadline.Token);
            }
            catch (LdapException broken) when (broken.IsBroken)
            {
                told?.Invoke($"{broken.Message}; asking again");
            }
            return await ask(deadline.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new LdapException($"the directory does not answer within {_options.Deadline.TotalSeconds} s") { IsBroken = false };
        }
    }

    static LdapException Failed(string what, LdapResult result) => new($"{what} failed: {result}") { IsBroken = false };
}
