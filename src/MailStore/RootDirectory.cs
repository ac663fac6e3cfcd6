using Microsoft.Win32.SafeHandles;
using Sasl.Hosting.Unix;

namespace MailStore;

/// <summary>The directory of a user's mail, made with its parents where the user may, and kept through a power cut.</summary>
static class RootDirectory
{
    public static SafeFileHandle Open(string path)
    {
        try
        {
            return Files.OpenDirectory(path);
        }
        catch (UnixException missing) when (missing.Error == UnixException.ENOENT && path.LastIndexOf('/') > 0)
        {
            var slash = path.LastIndexOf('/');
            using var parent = Open(path[..slash]);
            if (Files.MakeDirectoryAt(parent, path[(slash + 1)..], 0x1C0))
                Files.Sync(parent);
            return Files.OpenDirectoryAt(parent, path[(slash + 1)..]);
        }
    }
}
