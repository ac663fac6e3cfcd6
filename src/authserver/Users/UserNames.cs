using Sasl.Protocols.DovecotAuth;

namespace AuthServer.Users;

/// <summary>From the name that a client sent to the name that the databases know: realm, allowed characters, format, in that order.</summary>
sealed class UserNames(AuthServerSettings settings)
{
    /// <summary>The final name, or null and the reason for the log. To the client it is a user who does not exist.</summary>
    public string? Normalize(string given, out string reason)
    {
        reason = "";
        if (given.Length == 0)
        {
            reason = "empty username";
            return null;
        }
        var name = settings.DefaultRealm.Length > 0 && !given.Contains('@') ? $"{given}@{settings.DefaultRealm}" : given;
        // Whatever the whitelist says: these would break a line of some protocol or file further on.
        if (name.AsSpan().IndexOfAnyInRange('\0', '\x1f') >= 0 || name.Contains('\x7f'))
        {
            reason = "username contains a control character";
            return null;
        }
        if (settings.UsernameChars.Length > 0 && name.AsSpan().IndexOfAnyExcept(settings.UsernameChars) is >= 0 and var at)
        {
            reason = $"username character disallowed by auth_username_chars: 0x{(int)name[at]:x2}";
            return null;
        }
        name = settings.UsernameFormat.Length > 0 ? UserVariables.Expand(settings.UsernameFormat, name) : name;
        // A format may take everything away ("%d" of a name without a domain).
        if (name.Length > 0)
            return name;
        reason = "auth_username_format leaves an empty username";
        return null;
    }
}
