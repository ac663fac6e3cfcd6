using System.Runtime.InteropServices;

namespace Testing;

/// <summary>The environment as native libraries see it: .NET's own Environment is a copy that they never read.</summary>
static partial class NativeEnvironment
{
    public static void Set(string name, string value)
    {
        if (setenv(name, value, 1) != 0)
            throw new InvalidOperationException($"setenv {name} failed");
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);
}
