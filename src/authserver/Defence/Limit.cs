namespace AuthServer.Defence;

/// <summary>One limit as it stands for one login.</summary>
/// <param name="Name">Its word in the metrics.</param>
/// <param name="Complaint">For the log, when it refuses.</param>
/// <param name="Most">0: no limit.</param>
readonly record struct Limit(string Name, string Complaint, Counter? Counter, double Level, int UnderWay, int Most, double Drain)
{
    /// <summary>Even if everybody before this one turned out harmless, it would be one too many.</summary>
    public bool Refuses => Most > 0 && Level + 1 > Most;

    /// <summary>It depends on those before.</summary>
    public bool MustWait => Most > 0 && !Refuses && Level + UnderWay + 1 > Most;

    /// <summary>Until it lets one more through.</summary>
    public TimeSpan FreeIn => Refuses ? TimeSpan.FromMilliseconds((Level + 1 - Most) / Drain) : TimeSpan.Zero;
}
