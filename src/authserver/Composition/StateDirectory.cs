using Sasl.Hosting.Unix;

namespace AuthServer.Composition;

/// <summary>auth_state_dir: what outlives the process. Everything in it is the auth server's own, 0600.</summary>
static class StateDirectory
{
    /// <summary>For a server of its own, before it gives up root: the house's supervisor does the same for its child.</summary>
    public static void Prepare(string path, Account? owner)
    {
        Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (owner is not null)
            Files.ChangeOwner(path, owner.Uid, owner.Gid);
    }

    /// <summary>Why it cannot be used, or null. Asked as the user that the server will be.</summary>
    public static string? Problem(string? path)
    {
        if (path is null || Identity.IsRoot)
            return null;
        try
        {
            var probe = Path.Combine(path, $".probe-{Environment.ProcessId}");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
            return null;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return $"auth_state_dir {path} cannot be written: {refused.Message}";
        }
    }
}
