// Invariants of this file:
//  * What a token says is looked at only when its signature is right, or when a server has vouched for it.
//  * A verdict comes in time, and no verdict is kept.
using System.Buffers;
using System.Text;

namespace Sasl.Credentials.OAuth2;

/// <summary>Says whether a bearer token is good, and what it says: by its signature, by asking a server, or both.</summary>
public sealed class TokenJudge : IDisposable
{
    readonly OAuth2Options _options;
    readonly TokenRules _rules;
    readonly TokenHttp _http;
    readonly TokenServer _server;
    readonly KeyCache? _keys;

    /// <param name="problem">Hears of files that are no keys.</param>
    /// <exception cref="FormatException">The options do not go together, or a key or certificate is none.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public TokenJudge(OAuth2Options options, Action<string> problem, TimeProvider time)
    {
        if (options.Complaint() is { } complaint)
            throw new FormatException(complaint);
        (_options, _rules, _http) = (options, new(options, time), new(options.Tls));
        _server = new(options, _http);
        if (options.Mode != IntrospectionMode.Local)
            return;
        _keys = options.KeyUrl is { } url ? new(s => FetchAsync(url, s), KeyTimes.OfServer, time)
            : options.KeyFile.Length > 0 ? OfFiles(() => KeyFiles.OfSet(options.KeyFile), time) : OfFiles(() => KeyFiles.OfDirectory(options.KeyDirectory, problem), time);
    }

    /// <param name="told">Hears each step; no secrets.</param>
    public async Task<TokenVerdict> JudgeAsync(ReadOnlyMemory<byte> token, Action<string>? told, CancellationToken stop)
    {
        if (token.Length > Jwt.LongestToken)
            return TokenVerdict.Refused($"a token of more than {Jwt.LongestToken} bytes");
        // RFC 6750 §2.1: what else goes into no header and no URL; a password that is no token goes nowhere.
        return IsToken(token.Span) ? await InTimeAsync(s => JudgeAsync(token, Encoding.ASCII.GetString(token.Span), told, s), stop) : TokenVerdict.Refused("no bearer token");
    }

    /// <summary>Whether the password is the user's, as the server of the password grant says.</summary>
    public async Task<TokenVerdict> GrantAsync(string user, string password, Action<string>? told, CancellationToken stop) => await InTimeAsync(async s =>
    {
        var granted = await _server.GrantAsync(user, password, s);
        told?.Invoke($"password grant: {granted.Kind}");
        if (granted.Kind != VerdictKind.Ok)
            return granted;
        var token = granted.Claims!.Token("access_token");
        // Most servers give nothing but the token, and some the claims beside it.
        if (token is not null && (_keys is not null || _options.Introspection is not null) && (_options.AlwaysIntrospects || !granted.Claims.Has(_options.UserClaim)))
            return await JudgeAsync(Encoding.ASCII.GetBytes(token), token, told, s);
        return granted;
    }, stop);

    public void Dispose() => _http.Dispose();

    static readonly SearchValues<byte> _tokenBytes = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/"u8);

    static bool IsToken(ReadOnlySpan<byte> text) => text.TrimEnd((byte)'=') is { IsEmpty: false } body && !body.ContainsAnyExcept(_tokenBytes);

    async Task<TokenVerdict> JudgeAsync(ReadOnlyMemory<byte> bytes, string token, Action<string>? told, CancellationToken stop)
    {
        if (_keys is not null)
        {
            var local = await ValidateAsync(bytes, stop);
            told?.Invoke($"signature and claims: {local.Kind} {local.Reason}");
            return local.Kind != VerdictKind.Ok || !_options.AlwaysIntrospects ? local : await IntrospectAsync(token, told, stop);
        }
        if (_options.TokenInfo is not null)
        {
            var info = Judged(await _server.TokenInfoAsync(token, stop));
            told?.Invoke($"tokeninfo: {info.Kind} {info.Reason}");
            if (info.Kind != VerdictKind.Ok || _options.Introspection is null || (!_options.AlwaysIntrospects && info.Claims!.Has(_options.UserClaim)))
                return info;
        }
        return _options.Introspection is null ? TokenVerdict.Refused("no token is taken, only passwords") : await IntrospectAsync(token, told, stop);
    }

    async Task<TokenVerdict> IntrospectAsync(string token, Action<string>? told, CancellationToken stop)
    {
        var verdict = Judged(await _server.IntrospectAsync(token, stop));
        told?.Invoke($"introspection: {verdict.Kind} {verdict.Reason}");
        return verdict;
    }

    async Task<TokenVerdict> ValidateAsync(ReadOnlyMemory<byte> token, CancellationToken stop)
    {
        if (Jwt.TryRead(token, out var reason) is not { } jwt)
            return TokenVerdict.Refused(reason);
        if (JwtAlgorithm.Find(jwt.Algorithm) is not { } algorithm)
            return TokenVerdict.Refused("the token's algorithm is not believed");
        if (await _keys!.FindAsync(algorithm, jwt.KeyId, jwt.Claims.Text("azp"), stop) is not { } key)
            return TokenVerdict.Refused($"no {algorithm.Name} key of the token's");
        return !algorithm.IsRight(key, jwt.Signed.Span, jwt.Signature.Span) ? TokenVerdict.Refused("the token's signature is wrong")
            : _rules.Refuse(jwt.Claims, isSigned: true) ?? new(VerdictKind.Ok, "", jwt.Claims);
    }

    TokenVerdict Judged(TokenVerdict verdict) => verdict.Kind == VerdictKind.Ok ? _rules.Refuse(verdict.Claims!, isSigned: false) ?? verdict : verdict;

    async Task<KeyRing> FetchAsync(Uri url, CancellationToken stop)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(_options.Deadline);
        try
        {
            var (status, body) = await _http.AskAsync(TokenHttp.Request(HttpMethod.Get, url), KeyRing.LongestSet, deadline.Token);
            return status == 200 ? KeyRing.OfJson(body) : throw new TokenServerException($"jwks_url is answered with {status}");
        }
        catch (OperationCanceledException)
        {
            throw new TokenServerException($"jwks_url is not answered within {_options.Deadline.TotalSeconds} s");
        }
    }

    async Task<TokenVerdict> InTimeAsync(Func<CancellationToken, Task<TokenVerdict>> judge, CancellationToken stop)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(_options.Deadline);
        try
        {
            return await judge(deadline.Token);
        }
        catch (IOException failure)
        {
            return TokenVerdict.Unavailable(failure.Message);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return TokenVerdict.Unavailable($"no answer within {_options.Deadline.TotalSeconds} s");
        }
    }

    /// <summary>Read once at the start, so that what is wrong is told then; and later on a thread that may wait for a disk.</summary>
    static KeyCache OfFiles(Func<KeyRing> read, TimeProvider time)
    {
        var first = read();
        return new(_ => Interlocked.Exchange(ref first, null) is { } ring ? Task.FromResult(ring) : Task.Factory.StartNew(read, default, TaskCreationOptions.LongRunning, TaskScheduler.Default), KeyTimes.OfFiles, time);
    }
}
