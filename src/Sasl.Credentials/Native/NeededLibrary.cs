using System.Runtime.InteropServices;

namespace Sasl.Credentials.Native;

/// <summary>Libraries that only some mechanisms need, and not every machine has.</summary>
static class NeededLibrary
{
    /// <summary>IOException with the package's name, when the mechanism is made and not at the first login.</summary>
    public static void Demand(string library, string package)
    {
        if (!NativeLibrary.TryLoad(library, typeof(NeededLibrary).Assembly, null, out _))
            throw new IOException($"{library} is not on this machine (Debian: {package})");
    }
}
