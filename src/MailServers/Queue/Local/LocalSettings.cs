namespace MailServers.Queue.Local;

/// <summary>The settings of local delivery.</summary>
sealed record LocalSettings
{
    /// <summary>Alias tables as configured: "hash:/etc/aliases". All types are read from their text source.</summary>
    public IReadOnlyList<string> AliasMaps { get; init; } = [];

    /// <summary>Characters that separate a user's name from an extension; a set.</summary>
    public string RecipientDelimiter { get; init; } = "";
}
