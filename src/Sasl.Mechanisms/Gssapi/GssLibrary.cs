using System.Runtime.InteropServices;

namespace Sasl.Mechanisms.Gssapi;

/// <summary>Is MIT's GSSAPI library on this machine? It is opened when somebody asks, not before.</summary>
public static class GssLibrary
{
    static readonly Lazy<string?> _missing = new(() => FindMissing(Gss.Library, "gss_acquire_cred_from", "gss_localname"));

    /// <summary>Kerberos can be used here.</summary>
    public static bool IsAvailable => _missing.Value is null;

    /// <summary>Why it cannot, or null.</summary>
    internal static string? Missing => _missing.Value;

    /// <param name="library">With its full name, as for dlopen(3).</param>
    /// <param name="functions">What it must have: another library of that name, or an old one, may not.</param>
    internal static string? FindMissing(string library, params ReadOnlySpan<string> functions)
    {
        if (!NativeLibrary.TryLoad(library, typeof(GssLibrary).Assembly, null, out var handle))
            return $"the Kerberos library {library} is not on this machine";
        foreach (var function in functions)
        {
            if (!NativeLibrary.TryGetExport(handle, function, out _))
                return $"the Kerberos library {library} has no {function}";
        }
        return null;
    }
}
