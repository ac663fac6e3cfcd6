using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace AuthServer.Composition;

/// <summary>
/// The key of what is made up for users that do not exist. It is kept, in auth_state_dir and 0600: a salt that is another after a restart tells that it is
/// made up.
/// </summary>
static class DecoyKey
{
    const int Size = 32;
    const string Name = "decoy.key";

    /// <summary>Read, or made when it is not there. One of this process alone when nothing can be kept.</summary>
    public static byte[] Load(string? directory, ILogger log)
    {
        if (directory is null)
            return RandomNumberGenerator.GetBytes(Size);
        var path = Path.Combine(directory, Name);
        try
        {
            if (Read(path) is { } kept)
                return kept;
            // Whole or not at all, and never one process's over another's: the name is taken only once.
            var own = $"{path}.{Environment.ProcessId}";
            Write(own, RandomNumberGenerator.GetBytes(Size));
            try
            {
                File.Move(own, path, overwrite: File.Exists(path));
            }
            finally
            {
                File.Delete(own);
            }
            return Read(path) ?? throw new IOException("it is not what was written");
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            log.NoDecoyKey(path, refused.Message);
            return RandomNumberGenerator.GetBytes(Size);
        }
    }

    /// <summary>Null when it is not there, or is no such key: then it is made anew.</summary>
    static byte[]? Read(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var key = new byte[Size];
            return file.Length == Size && file.ReadAtLeast(key, Size, throwOnEndOfStream: false) == Size ? key : null;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    static void Write(string path, byte[] key)
    {
        using var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        file.Write(key);
        file.Flush(flushToDisk: true);
    }
}
