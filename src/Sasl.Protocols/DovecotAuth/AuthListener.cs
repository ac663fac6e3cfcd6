using System.Globalization;

namespace Sasl.Protocols.DovecotAuth;

/// <summary>What is spoken on a socket of the auth server.</summary>
public enum AuthListenerType
{
    /// <summary>AUTH: front ends, and other people's Postfix and Exim.</summary>
    Client,

    /// <summary>REQUEST and USER: the supervisor.</summary>
    Master,

    /// <summary>USER.</summary>
    Userdb,
}

/// <summary>
/// A listening socket of the auth server as the supervisor describes it in LISTENER's options. Mode and owner decide what strangers may ask
/// on a userdb socket; null means the auth server's own identity.
/// </summary>
public sealed record AuthListener(AuthListenerType Type, uint Mode = 0x180, uint? Uid = null, uint? Gid = null)
{
    /// <summary>Dovecot 2.3's rule: the part of the name after the last '-' tells the type, and "client" is what anything else means.</summary>
    public static AuthListenerType TypeOf(string name) => name[(name.LastIndexOf('-') + 1)..] switch
    {
        "master" => AuthListenerType.Master,
        "userdb" => AuthListenerType.Userdb,
        _ => AuthListenerType.Client,
    };

    public Dictionary<string, string> ToOptions()
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["type"] = Type.ToString().ToLowerInvariant(), ["mode"] = Convert.ToString(Mode, 8),
        };
        if (Uid is { } uid)
            options["uid"] = uid.ToString(CultureInfo.InvariantCulture);
        if (Gid is { } gid)
            options["gid"] = gid.ToString(CultureInfo.InvariantCulture);
        return options;
    }

    /// <summary>What is missing is taken from the name, or is the narrowest.</summary>
    public static AuthListener From(string name, IReadOnlyDictionary<string, string> options) => new(
        options.GetValueOrDefault("type") switch { "client" => AuthListenerType.Client, "master" => AuthListenerType.Master, "userdb" => AuthListenerType.Userdb, _ => TypeOf(name) },
        options.TryGetValue("mode", out var mode) ? Convert.ToUInt32(mode, 8) : 0x180,
        Number(options, "uid"), Number(options, "gid"));

    static uint? Number(IReadOnlyDictionary<string, string> options, string name) =>
        uint.TryParse(options.GetValueOrDefault(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
