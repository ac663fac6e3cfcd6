using System.Buffers;
using Sasl.Hosting.Configuration;
using Sasl.Protocols.DovecotAuth;

namespace AuthServer.Logins;

/// <summary>From the name that a client sent to the name that the databases know: realm, translation, allowed characters, format, in that order.</summary>
sealed class UserNames
{
    static readonly LoginOrigin _nowhere = new("", null, null);

    readonly string _realm;
    readonly Dictionary<char, char> _translation = [];
    readonly SearchValues<char>? _allowed;
    readonly LoginTemplate? _format;

    /// <exception cref="FormatException">auth_username_format has a variable that nobody knows.</exception>
    public UserNames(AuthServerSettings settings)
    {
        _realm = settings.Values.Text(DovecotConf.AuthDefaultRealm);
        foreach (var pair in settings.Values.Text(DovecotConf.AuthUsernameTranslation).Chunk(2).Where(p => p.Length == 2))
            _translation[pair[0]] = pair[1];
        _allowed = settings.Values.Text(DovecotConf.AuthUsernameChars) is { Length: > 0 } chars ? SearchValues.Create(chars) : null;
        _format = settings.Values.Text(DovecotConf.AuthUsernameFormat) is { Length: > 0 } format ? LoginTemplate.Parse(format) : null;
    }

    /// <summary>The final name, or null and the reason for the log. To the client it is a user who does not exist.</summary>
    public string? Normalize(string given, out string reason)
    {
        reason = "";
        if (given.Length == 0)
        {
            reason = "empty username";
            return null;
        }
        var name = _realm.Length > 0 && !given.Contains('@') ? $"{given}@{_realm}" : given;
        if (_translation.Count > 0)
            name = string.Concat(name.Select(c => _translation.GetValueOrDefault(c, c)));
        // Whatever the whitelist says.
        if (HasControls(name))
        {
            reason = "username contains a control character";
            return null;
        }
        if (_allowed is not null && name.AsSpan().IndexOfAnyExcept(_allowed) is >= 0 and var at)
        {
            reason = $"username character disallowed by auth_username_chars: 0x{(int)name[at]:x2}";
            return null;
        }
        name = _format is null ? name : _format.Expand(new(given, name, _nowhere));
        // A format may take everything away ("%d" of a name without a domain).
        if (name.Length > 0)
            return name;
        reason = "auth_username_format leaves an empty username";
        return null;
    }

    /// <summary>Has a character that would break a line of some protocol or file.</summary>
    public static bool HasControls(string name) => name.AsSpan().IndexOfAnyInRange('\0', '\x1f') >= 0 || name.Contains('\x7f');
}
