namespace AuthServer.Composition;

/// <summary>Keeps something in auth_state_dir beside the serving of logins.</summary>
interface IKeeper
{
    /// <summary>Reads what is there: before the first login, as the user that the server is from then on. Never throws for a file.</summary>
    void Begin();

    /// <summary>Writes now and then, and once more when it is stopped: no login comes after that.</summary>
    Task RunAsync(CancellationToken stop);
}
