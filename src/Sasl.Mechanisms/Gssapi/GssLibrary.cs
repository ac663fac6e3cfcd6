using System.Runtime.InteropServices;

namespace Sasl.Mechanisms.Gssapi;

/// <summary>Is MIT's GSSAPI library on this machine? It is opened when somebody asks, not before.</summary>
public static class GssLibrary
{
    static readonly Lazy<string?> _missing = new(() => FindMissing(Gss.Library));

    static readonly string[] _needed = ["gss_acquire_cred_from", "gss_acquire_cred_with_password", "gss_localname", "gss_set_neg_mechs", "gss_set_cred_option"];

    /// <summary>Kerberos can be used here.</summary>
    public static bool IsAvailable => _missing.Value is null;

    /// <summary>Why it cannot, or null.</summary>
    internal static string? Missing(SaslSettings settings) => settings.KerberosLibrary is { } other ? FindMissing(other) : _missing.Value;

    /// <param name="library">With its full name, as for dlopen(3). Another library of that name, or an old one, may not have what is needed.</param>
    internal static string? FindMissing(string library)
    {
        if (!NativeLibrary.TryLoad(library, typeof(GssLibrary).Assembly, null, out var handle))
            return $"the Kerberos library {library} is not on this machine";
        foreach (var function in _needed)
        {
            if (!NativeLibrary.TryGetExport(handle, function, out _))
                return $"the Kerberos library {library} has no {function}";
        }
        return null;
    }
}
