using Microsoft.Win32.SafeHandles;
using Sasl.Hosting.Unix;

namespace MailStore.Mbox;

/// <summary>A file without a name, beneath the user's mail directory: gone when it is closed, also by a crash.</summary>
static class Spool
{
    public static SafeFileHandle Create(SafeFileHandle directory) => Files.OpenUnnamedAt(directory);
}
