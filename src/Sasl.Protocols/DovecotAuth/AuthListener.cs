using System.Globalization;

namespace Sasl.Protocols.DovecotAuth;

/// <summary>What is spoken on a socket of the auth server.</summary>
public enum AuthListenerType
{
    /// <summary>AUTH, and what has succeeded is forgotten: other people's Postfix and Exim.</summary>
    Client,

    /// <summary>AUTH, and what has succeeded waits for its REQUEST: front ends that pass sessions on.</summary>
    Login,

    /// <summary>REQUEST and USER: the supervisor.</summary>
    Master,

    /// <summary>USER.</summary>
    Userdb,

    /// <summary>Dovecot's tokens for imap-urlauth, by AUTH. Nobody serves them here.</summary>
    Token,

    /// <summary>The same, kept for a REQUEST.</summary>
    TokenLogin,
}

/// <summary>
/// A listening socket of the auth server as the supervisor describes it in LISTENER's options. Mode and owner decide what strangers may ask
/// on a userdb socket; null means the auth server's own identity.
/// </summary>
public sealed record AuthListener(AuthListenerType Type, uint Mode = 0x180, uint? Uid = null, uint? Gid = null)
{
    const string Waits = "waits";

    // The first word of a type and a flavour is the one that is written.
    static readonly (string Word, AuthListenerType Type, bool WaitsForClient)[] _words =
    [
        ("auth", AuthListenerType.Client, true), ("auth-legacy", AuthListenerType.Client, false), ("client", AuthListenerType.Client, false),
        ("login", AuthListenerType.Login, true), ("login-legacy", AuthListenerType.Login, false), ("master", AuthListenerType.Master, false),
        ("userdb", AuthListenerType.Userdb, false), ("token", AuthListenerType.Token, true), ("token-login", AuthListenerType.TokenLogin, true),
    ];

    /// <summary>
    /// The handshake of Dovecot 2.4: after its VERSION the server waits for the client's, and then offers what that version can use (-PLUS). Without
    /// it the whole handshake goes out on accept: the only one that Exim before 4.99 understands, which says nothing before DONE.
    /// </summary>
    public bool WaitsForClient { get; init; }

    /// <summary>The words that "type" of a listener may be; "client" is our command line's.</summary>
    public static IEnumerable<string> Words => _words.Select(w => w.Word);

    /// <summary>Dovecot 2.3's rule: the part of the name after the last '-' tells the type, and "client" is what anything else means.</summary>
    public static AuthListenerType TypeOf(string name) => name[(name.LastIndexOf('-') + 1)..] switch
    {
        "login" => AuthListenerType.Login,
        "master" => AuthListenerType.Master,
        "userdb" => AuthListenerType.Userdb,
        "token" => AuthListenerType.Token,
        "tokenlogin" => AuthListenerType.TokenLogin,
        _ => AuthListenerType.Client,
    };

    /// <summary>
    /// Of a listener in dovecot.conf: "type" decides (2.4), without one the name (2.3), and with that the old handshake. Null when the type is no known
    /// word.
    /// </summary>
    public static AuthListener? Configured(string name, string type)
    {
        if (type.Length == 0)
            return new(TypeOf(name));
        var at = Array.FindIndex(_words, w => w.Word == type);
        return at < 0 ? null : new(_words[at].Type) { WaitsForClient = _words[at].WaitsForClient };
    }

    public Dictionary<string, string> ToOptions()
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["type"] = Array.Find(_words, w => w.Type == Type).Word, ["mode"] = Convert.ToString(Mode, 8),
        };
        if (WaitsForClient)
            options["handshake"] = Waits;
        if (Uid is { } uid)
            options["uid"] = uid.ToString(CultureInfo.InvariantCulture);
        if (Gid is { } gid)
            options["gid"] = gid.ToString(CultureInfo.InvariantCulture);
        return options;
    }

    /// <summary>What is missing is taken from the name, or is the narrowest.</summary>
    public static AuthListener From(string name, IReadOnlyDictionary<string, string> options) =>
        (Configured(name, options.GetValueOrDefault("type") ?? "") ?? new(TypeOf(name))) with
        {
            Mode = options.TryGetValue("mode", out var mode) ? Convert.ToUInt32(mode, 8) : 0x180,
            Uid = Number(options, "uid"), Gid = Number(options, "gid"), WaitsForClient = options.GetValueOrDefault("handshake") == Waits,
        };

    static uint? Number(IReadOnlyDictionary<string, string> options, string name) =>
        uint.TryParse(options.GetValueOrDefault(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
