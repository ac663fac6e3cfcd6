using Sasl.Protocols.DovecotAuth;

namespace AuthServer.Client;

/// <summary>Where a login comes from, for the databases and the log.</summary>
sealed record LoginOrigin(string Service, string? Remote, string? Session)
{
    public static LoginOrigin Of(ClientCommand.Auth command) => new(command.Service, command["rip"], command["session"]);

    /// <summary>What stands between the parentheses of a log line: user,address,&lt;session&gt;.</summary>
    public string Who(string user) =>
        $"{user}{(Remote is { Length: > 0 } ? $",{Remote}" : "")}{(Session is { Length: > 0 } ? $",<{Session}>" : "")}";
}
