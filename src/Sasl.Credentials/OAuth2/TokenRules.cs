namespace Sasl.Credentials.OAuth2;

/// <summary>What a token has to say to be good, besides being genuine.</summary>
sealed class TokenRules(OAuth2Options options, TimeProvider time)
{
    /// <summary>Clocks differ (RFC 7519 §4.1.4: a few minutes at most).</summary>
    public static readonly TimeSpan Leeway = TimeSpan.FromSeconds(60);

    /// <summary>Null when it is good.</summary>
    /// <param name="isSigned">It is judged by itself: then it has to say when it ends. A server that was asked has looked at that.</param>
    public TokenVerdict? Refuse(TokenClaims claims, bool isSigned)
    {
        if (Times(claims, isSigned) is { } untimely)
            return TokenVerdict.Refused(untimely);
        // RFC 7662 §2.2: it says so itself.
        if (claims.Text("active") == "false")
            return TokenVerdict.Refused("the token is not active");
        // A server that was asked may leave out what it has looked at; a token may not.
        if (options.Issuers.Count > 0 && (isSigned || claims.Has("iss")) && !options.Issuers.Contains(claims.Text("iss"), StringComparer.Ordinal))
            return TokenVerdict.Refused("the token is of another issuer");
        if (options.Audience.Count > 0 && !claims.List("aud").Intersect(options.Audience, StringComparer.Ordinal).Any())
            return TokenVerdict.Refused("the token is for another audience");
        if (options.Scopes.Count > 0 && !Scopes(claims).Intersect(options.Scopes, StringComparer.Ordinal).Any())
            return TokenVerdict.Refused("the token is not for the scope");
        if (options.ActiveClaim.Length > 0 && !IsActive(claims.Text(options.ActiveClaim)))
            return new(VerdictKind.Disabled, $"the user is not active ({options.ActiveClaim})", null);
        // An address that its issuer has not seen to be the user's is anybody's.
        return options.UserClaim == "email" && claims.Text("email_verified") == "false" ? TokenVerdict.Refused("the token's address is not verified") : null;
    }

    string? Times(TokenClaims claims, bool isSigned)
    {
        if (!claims.TryTime("exp", out var end) || !claims.TryTime("nbf", out var begin) || !claims.TryTime("iat", out var made))
            return "the token has a time that is none";
        var now = time.GetUtcNow();
        return end is null && isSigned ? "the token never ends"
            : end + Leeway <= now ? "the token is expired"
            : begin - Leeway > now ? "the token is not valid yet"
            : made - Leeway > now ? "the token was made in the future"
            : null;
    }

    bool IsActive(string? value) => value is not null && (options.ActiveValue.Length == 0 || string.Equals(value, options.ActiveValue, StringComparison.Ordinal));

    /// <summary>RFC 8693 §4.2: words between blanks. Some say "scp", some a list, and some nothing: then, as in Dovecot, it is the audience.</summary>
    static IEnumerable<string> Scopes(TokenClaims claims) =>
        (claims.Has("scope") ? claims.List("scope") : claims.Has("scp") ? claims.List("scp") : claims.List("aud")).SelectMany(s => s.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
