namespace Sasl.Protocols.DovecotAuth;

public enum AuthStatus
{
    Ok,

    /// <summary>The auth server refused.</summary>
    Failed,

    /// <summary>The caller's respond function said abort.</summary>
    Aborted,

    /// <summary>No answer: the auth server is down, or the connection was lost. Tell the client to come back.</summary>
    Unavailable,
}

/// <summary>A finished authentication as a reference for a hand-off; only the auth server can turn it into a user.</summary>
public sealed record AuthReference(int ServerPid, uint RequestId, string Cookie);

/// <param name="User">OK: the final user name. Failed: the name that was tried, when the server told it; for logs.</param>
/// <param name="Reason">Failed: a text for the client, when the server gave one. Unavailable: for the log.</param>
/// <param name="Code">Failed: temp_fail, authz_fail, user_disabled, pass_expired, invalid_base64, or null for a plain refusal.</param>
/// <param name="Fields">The other fields of the OK or FAIL line.</param>
public sealed record AuthResult(AuthStatus Status, string User, string? Reason, string? Code, IReadOnlyList<string> Fields, AuthReference? Reference)
{
    public bool IsOk => Status == AuthStatus.Ok;

    /// <summary>The client may succeed later with the same password: 454, not 535.</summary>
    public bool IsTemporary => Status == AuthStatus.Unavailable || Code == "temp_fail";

    internal static AuthResult Unavailable(string why) => new(AuthStatus.Unavailable, "", why, null, [], null);

    internal static AuthResult Aborted { get; } = new(AuthStatus.Aborted, "", null, null, [], null);

    internal static AuthResult InvalidBase64(string where) => new(AuthStatus.Failed, "", $"Invalid base64 data in {where}", "invalid_base64", [], null);

    internal static AuthResult TooLong { get; } = new(AuthStatus.Failed, "", "Authentication response too long", null, [], null);

    internal static AuthResult FromOk(string[] fields, uint id, AuthHandshake server)
    {
        var rest = fields[2..];
        // An OK without a user is a broken back end, never a login.
        return TabLine.Value(rest, "user") is { Length: > 0 } user
            ? new(AuthStatus.Ok, user, null, null, rest, new(server.ServerPid, id, server.Cookie))
            : Unavailable("the auth server sent OK without user");
    }

    internal static AuthResult FromFail(string[] fields)
    {
        var rest = fields[2..];
        return new(AuthStatus.Failed, TabLine.Value(rest, "user") ?? "", TabLine.Value(rest, "reason"), CodeOf(rest), rest, null);
    }

    /// <summary>Servers before minor version 2 say it with bare words.</summary>
    static string? CodeOf(string[] fields) =>
        TabLine.Value(fields, "code")
        ?? (fields.Contains("temp") ? "temp_fail"
            : fields.Contains("authz") ? "authz_fail"
            : Array.Find(fields, f => f is "user_disabled" or "pass_expired"));
}
