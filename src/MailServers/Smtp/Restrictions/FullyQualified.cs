using System.Buffers;
using MailServers.Smtp.Addresses;

namespace MailServers.Smtp.Restrictions;

/// <summary>The grammar of host names as the restrictions on them see it.</summary>
static class FullyQualified
{
    static readonly SearchValues<char> _numeric = SearchValues.Create("0123456789.");

    public static bool IsAddress(MailAddress address) => address.Domain is { } domain && IsName(domain);

    /// <summary>A name with a dot, or an address literal.</summary>
    public static bool IsName(string name) => name.StartsWith('[') || (name.Trim('.').Contains('.') && IsHostName(name));

    /// <summary>RFC 1123 §2.1: a name of digits only would be taken for an address; and the underscore that is out there.</summary>
    public static bool IsHostName(string name)
    {
        if (name.Length is 0 or > 255)
            return false;
        foreach (var label in name.TrimEnd('.').Split('.'))
        {
            if (label.Length is 0 or > 63 || label[0] == '-' || label[^1] == '-' || label.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_')))
                return false;
        }
        return name.AsSpan().ContainsAnyExcept(_numeric);
    }
}
