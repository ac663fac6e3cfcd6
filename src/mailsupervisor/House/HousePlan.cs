namespace MailSupervisor.House;

/// <summary>Everything that the supervisor does, derived from an accepted configuration.</summary>
/// <param name="Children">In the order of starting: the auth server, the queue, then the front ends.</param>
/// <param name="Worker">The pattern of a worker; name and identity are filled in for each uid.</param>
/// <param name="Directories">Directories that must exist, with owner and mode.</param>
sealed record HousePlan(IReadOnlyList<ChildPlan> Children, ChildPlan Worker, MailLocations Mail, uint FirstValidUid, string RuntimeDirectory,
    string AuthMasterPath, IReadOnlyList<DirectoryPlan> Directories)
{
    public const string AuthServer = "auth";

    /// <summary>Where the supervisor tells its own metrics; null: nowhere.</summary>
    public ListenerPlan? Metrics { get; init; }

    /// <summary>Every socket of the house.</summary>
    public IEnumerable<ListenerPlan> Listeners => [.. Children.SelectMany(c => c.Listeners), .. Metrics is null ? Enumerable.Empty<ListenerPlan>() : [Metrics]];
}

/// <param name="IsOurs">Nobody else uses it: owner and mode are set right at each start. Otherwise an existing directory is left as it is.</param>
sealed record DirectoryPlan(string Path, uint Mode, uint? Uid, uint? Gid, bool IsOurs);
