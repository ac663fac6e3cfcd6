namespace MailSupervisor.House;

/// <summary>What a child may ask of the supervisor. Everything else it says is refused and logged.</summary>
[Flags]
enum ChildRights
{
    None = 0,

    /// <summary>HANDOFF: pass on a client whose login the auth server confirms.</summary>
    HandOff = 1,

    /// <summary>DELIVER: open an LMTP stream to the worker of a named local user.</summary>
    Deliver = 2,
}

/// <summary>One process that the supervisor keeps running.</summary>
/// <param name="Name">Unique in the house; stands in the logs.</param>
/// <param name="Program">The binary's name, beside the supervisor's own.</param>
/// <param name="Configuration">Texts sent over the channel, by name.</param>
sealed record ChildPlan(string Name, string Program, string Role, HouseIdentity Identity, ChildRights Rights,
    IReadOnlyList<ListenerPlan> Listeners, IReadOnlyDictionary<string, string> Configuration);

/// <summary>A socket that the supervisor binds and a child serves.</summary>
/// <param name="Address">An IP address and port, or an absolute path.</param>
/// <param name="Mode">Unix sockets: permission bits; with <paramref name="Uid"/> and <paramref name="Gid"/> as owner.</param>
sealed record ListenerPlan(string Name, string Address, uint Mode, uint? Uid, uint? Gid, IReadOnlyDictionary<string, string> Options)
{
    public bool IsUnix => Address.StartsWith('/');
}
