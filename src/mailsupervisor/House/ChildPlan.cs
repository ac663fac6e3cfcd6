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
    IReadOnlyList<ListenerPlan> Listeners, IReadOnlyDictionary<string, string> Configuration)
{
    /// <summary>A front end: at a reload it goes on with the clients that it has beside its successor. Others own something that only one may have.</summary>
    public bool MayOverlap { get; init; }

    /// <summary>A child of that plan need not be replaced for this one.</summary>
    public bool IsSameAs(ChildPlan other) =>
        (Name, Program, Role, Rights) == (other.Name, other.Program, other.Role, other.Rights) && Identity.IsSameAs(other.Identity)
        && Listeners.Count == other.Listeners.Count && Listeners.Zip(other.Listeners).All(p => p.First.IsSameAs(p.Second))
        && SameTexts(Configuration, other.Configuration);

    internal static bool SameTexts(IReadOnlyDictionary<string, string> one, IReadOnlyDictionary<string, string> other) =>
        one.Count == other.Count && one.All(t => other.TryGetValue(t.Key, out var text) && text == t.Value);
}

/// <summary>A socket that the supervisor binds and a child serves.</summary>
/// <param name="Address">An IP address and port, or an absolute path.</param>
/// <param name="Mode">Unix sockets: permission bits; with <paramref name="Uid"/> and <paramref name="Gid"/> as owner.</param>
sealed record ListenerPlan(string Name, string Address, uint Mode, uint? Uid, uint? Gid, IReadOnlyDictionary<string, string> Options)
{
    public bool IsUnix => Address.StartsWith('/');

    public bool IsSameAs(ListenerPlan other) =>
        (Name, Address, Mode, Uid, Gid) == (other.Name, other.Address, other.Mode, other.Uid, other.Gid) && ChildPlan.SameTexts(Options, other.Options);
}
