using System.Text;

namespace Sasl.Credentials.OAuth2;

/// <summary>The servers that are asked about tokens, in the ways that Dovecot knows. No answer is kept: a token may be withdrawn at any time.</summary>
sealed class TokenServer(OAuth2Options options, TokenHttp http)
{
    const int Ok = 200;

    /// <summary>tokeninfo_url.</summary>
    public Task<TokenVerdict> TokenInfoAsync(string token, CancellationToken stop) =>
        AskAsync(TokenHttp.Request(HttpMethod.Get, options.TokenInfo!, Uri.EscapeDataString(token)), isOurs: false, stop);

    /// <summary>introspection_url.</summary>
    public Task<TokenVerdict> IntrospectAsync(string token, CancellationToken stop)
    {
        var url = options.Introspection!;
        switch (options.Mode)
        {
            case IntrospectionMode.Get:
                return AskAsync(TokenHttp.Request(HttpMethod.Get, url, Uri.EscapeDataString(token)), isOurs: false, stop);
            case IntrospectionMode.Post:
                var post = TokenHttp.Request(HttpMethod.Post, url);
                // RFC 7662 §2.1, as a client that RFC 6749 §2.3.1 describes.
                post.Content = Form(("token", token));
                if (options.ClientId.Length > 0 && url.UserInfo.Length == 0)
                    TokenHttp.Authorize(post, $"{Uri.EscapeDataString(options.ClientId)}:{Uri.EscapeDataString(options.ClientSecret)}");
                return AskAsync(post, isOurs: true, stop);
            default:
                var get = TokenHttp.Request(HttpMethod.Get, url);
                get.Headers.Authorization = new("Bearer", token);
                return AskAsync(get, isOurs: false, stop);
        }
    }

    /// <summary>RFC 6749 §4.3.2: a name and a password for a token.</summary>
    public async Task<TokenVerdict> GrantAsync(string user, string password, CancellationToken stop)
    {
        var post = TokenHttp.Request(HttpMethod.Post, options.Grant!);
        var fields = new List<(string, string)> { ("grant_type", "password"), ("username", user), ("password", password) };
        if (options.ClientId.Length > 0)
            fields.AddRange([("client_id", options.ClientId), ("client_secret", options.ClientSecret)]);
        if (options.Scopes.Count > 0)
            fields.Add(("scope", string.Join(' ', options.Scopes)));
        post.Content = Form([.. fields]);
        var (status, body) = await http.AskAsync(post, TokenHttp.LongestAnswer, stop);
        var claims = TokenClaims.TryParse(body);
        if (status == Ok)
            return claims is null ? TokenVerdict.Unavailable("the answer to the password is no object of JSON") : new(VerdictKind.Ok, "", claims);
        // RFC 6749 §5.2: only this one is the user's fault.
        return claims?.Text("error") == "invalid_grant" ? TokenVerdict.Refused("Password mismatch") : TokenVerdict.Unavailable($"the password grant is answered with {status} {Word(claims?.Text("error"))}");
    }

    /// <param name="isOurs">A refusal is meant for us as a client (RFC 7662 §2.3), not for the token.</param>
    async Task<TokenVerdict> AskAsync(HttpRequestMessage request, bool isOurs, CancellationToken stop)
    {
        var (status, body) = await http.AskAsync(request, TokenHttp.LongestAnswer, stop);
        if (status != Ok)
            return !isOurs && status is 400 or 401 or 403 ? TokenVerdict.Refused($"the token is refused ({status})") : TokenVerdict.Unavailable($"the server answers with {status}");
        return TokenClaims.TryParse(body) is { } claims ? new(VerdictKind.Ok, "", claims) : TokenVerdict.Unavailable("the server's answer is no object of JSON");
    }

    static string Word(string? text) => new([.. (text ?? "").Where(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-').Take(40)]);

    static ByteArrayContent Form(params (string Name, string Value)[] fields)
    {
        var content = new ByteArrayContent(Encoding.ASCII.GetBytes(string.Join('&', fields.Select(f => $"{f.Name}={Uri.EscapeDataString(f.Value)}"))));
        content.Headers.ContentType = new("application/x-www-form-urlencoded");
        return content;
    }
}
