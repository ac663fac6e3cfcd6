using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
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

    /// <summary>A key of random bytes, made when it is first asked for. One that is not as long as it should be is damaged, and a new one takes its place.</summary>
    /// <exception cref="IOException">It can be neither read nor made.</exception>
    public static byte[] Key(string directory, string name, int size)
    {
        if (Read(directory, name, size) is { } key && key.Length == size)
            return key;
        key = RandomNumberGenerator.GetBytes(size);
        Write(directory, name, key);
        return key;
    }

    /// <summary>A file, or null when it is not there.</summary>
    /// <exception cref="IOException">It cannot be read, or is longer than it may be.</exception>
    public static byte[]? Read(string directory, string name, int longest)
    {
        try
        {
            using var at = Files.OpenDirectory(directory);
            using var file = Files.OpenAt(at, name, Files.ReadOnly);
            var length = RandomAccess.GetLength(file);
            if (length > longest)
                throw new IOException($"{name} is longer than {longest} bytes");
            var bytes = new byte[length];
            var count = 0;
            for (int more; count < bytes.Length && (more = RandomAccess.Read(file, bytes.AsSpan(count), count)) > 0;)
                count += more;
            return bytes[..count];
        }
        catch (UnixException missing) when (missing.Error == UnixException.ENOENT)
        {
            return null;
        }
    }

    /// <summary>Puts a file, 0600, into the place of the old one, whole or not at all, also when the power goes. One process at a time.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string directory, string name, ReadOnlySpan<byte> bytes)
    {
        using var at = Files.OpenDirectory(directory);
        using (var file = Files.OpenAt(at, $"{name}.new", Files.WriteOnly | Files.Create | Files.Truncate, 0x180))
        {
            RandomAccess.Write(file, bytes, 0);
            Files.SyncData(file);
        }
        Files.RenameAt(at, $"{name}.new", at, name);
        Files.Sync(at);
    }

    /// <summary>A file to lock with (<see cref="Files.TryLock"/>): an old process may still be there when its successor begins.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static SafeFileHandle OpenLock(string directory, string name)
    {
        using var at = Files.OpenDirectory(directory);
        return Files.OpenAt(at, name, Files.ReadWrite | Files.Create, 0x180);
    }
}
