namespace Sasl.Protocols.DovecotAuth;

public enum UserdbStatus
{
    Found,
    NotFound,

    /// <summary>The server refused the reference, or its user database failed.</summary>
    Failed,

    /// <summary>No answer.</summary>
    Unavailable,
}

/// <summary>What the auth server knows about a user.</summary>
/// <param name="Fields">name=value: uid, gid, home, mail, …</param>
public sealed record UserdbAnswer(UserdbStatus Status, string User, IReadOnlyList<string> Fields, string? Reason)
{
    public bool IsFound => Status == UserdbStatus.Found;

    public uint? Uid => uint.TryParse(this["uid"], out var uid) ? uid : null;

    public uint? Gid => uint.TryParse(this["gid"], out var gid) ? gid : null;

    public string? Home => this["home"];

    public string? Mail => this["mail"];

    public string? this[string name] => TabLine.Value(Fields as string[] ?? [.. Fields], name);

    internal static UserdbAnswer Unavailable(string why) => new(UserdbStatus.Unavailable, "", [], why);

    internal static UserdbAnswer From(string[]? reply) => reply switch
    {
        null => Unavailable("Connection lost to authentication server"),
        ["USER", _, var user, .. var fields] => new(UserdbStatus.Found, user, fields, null),
        ["NOTFOUND", ..] => new(UserdbStatus.NotFound, "", [], null),
        ["FAIL", _, .. var fields] => new(UserdbStatus.Failed, "", fields, TabLine.Value(fields, "reason")),
        _ => Unavailable($"the auth server sent {reply[0]}"),
    };
}
