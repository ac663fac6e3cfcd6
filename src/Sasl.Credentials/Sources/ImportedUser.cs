namespace Sasl.Credentials.Sources;

/// <summary>A user from elsewhere and what is to be stored of him: kinds and texts. Not printed: the texts are secrets.</summary>
public sealed class ImportedUser(string user, string realm)
{
    public string User => user;

    public string Realm => realm;

    /// <summary>At least one; each kind once.</summary>
    public List<(string Kind, string Value)> Secrets { get; } = [];

    public string Name => realm.Length > 0 ? $"{user}@{realm}" : user;
}
