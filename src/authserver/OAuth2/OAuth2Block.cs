using AuthServer.Logins;
using AuthServer.Passdb;
using Sasl.Credentials.OAuth2;
using Sasl.Hosting.Configuration;

namespace AuthServer.OAuth2;

/// <summary>The settings of an oauth2 block and of its dovecot-oauth2.conf.ext.</summary>
sealed class OAuth2Block(DatabaseContext context)
{
    const string KeysPrefix = "fs:posix:prefix=";

    /// <summary>A step of a mechanism has seven seconds.</summary>
    static readonly TimeSpan _longestDeadline = TimeSpan.FromSeconds(5);

    static readonly string[] _ignored =
        ["tls_cipher_suite", "rawlog_dir", "send_auth_headers", "max_idle_time_msecs", "max_parallel_connections", "max_pipelined_requests"];

    static readonly string[] _known =
    [
        "args", "tokeninfo_url", "introspection_url", "introspection_mode", "force_introspection", "grant_url", "use_grant_password", "client_id", "client_secret",
        "username_attribute", "username_format", "active_attribute", "active_value", "scope", "issuers", "audience", "openid_configuration_url", "pass_attrs",
        "local_validation_key_dict", "jwks_url", "jwks_file", "tls_ca_cert_file", "tls_ca_cert_dir", "tls_cert_file", "tls_key_file", "tls_allow_invalid_cert",
        "timeout_msecs", "debug", "blocking", "use_worker_with_mech",
    ];

    bool _isVerbose;

    public OAuth2Options Options()
    {
        _isVerbose = IsYes("debug");
        foreach (var name in context.Block.Settings.Keys.Where(k => !_known.Contains(k) && !PassdbRules.Names.Contains(k)))
            context.Log.SettingIgnored(context.Block.Driver, _ignored.Contains(name) ? $"{name} is not supported" : $"{name} is no setting of oauth2"
                + (NearMiss.Find(name, _known) is { } near ? $" (did you mean {near}?)" : ""));
        var usesGrant = IsYes("use_grant_password");
        var options = new OAuth2Options
        {
            TokenInfo = Url("tokeninfo_url"),
            Introspection = Url("introspection_url"),
            Mode = Mode(),
            AlwaysIntrospects = IsYes("force_introspection"),
            Grant = usesGrant ? Url("grant_url") ?? throw new FormatException("use_grant_password needs grant_url") : null,
            ClientId = Text("client_id", ""),
            ClientSecret = Text("client_secret", ""),
            UserClaim = Text("username_attribute", "email"),
            Issuers = List("issuers"),
            Audience = List("audience"),
            Scopes = List("scope"),
            ActiveClaim = Text("active_attribute", ""),
            ActiveValue = Text("active_value", ""),
            KeyUrl = KeyUrl(),
            KeyFile = Text("jwks_file", ""),
            KeyDirectory = KeyDirectory(),
            Tls = new(!IsYes("tls_allow_invalid_cert"))
            {
                AuthorityFile = Text("tls_ca_cert_file", ""), AuthorityDirectory = Text("tls_ca_cert_dir", ""),
                Certificate = Text("tls_cert_file", ""), Key = Text("tls_key_file", ""),
            },
            Deadline = Deadline(),
        };
        if (!options.Tls.Verifies)
            Warn("tls_allow_invalid_cert = yes: certificates of the servers are not verified");
        if (options.Mode == IntrospectionMode.Local && options.Audience.Count == 0 && options.Scopes.Count == 0)
            Warn("neither audience nor scope is set: every token of the issuer is good here, whatever it was made for");
        return options;
    }

    public TokenJudge Open(OAuth2Options options)
    {
        try
        {
            return new(options, Warn, context.Time);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new FormatException(unreadable.Message, unreadable);
        }
    }

    public LoginTemplate Template(string name, string otherwise) =>
        LoginTemplate.TryParse(Text(name, otherwise), out var problem) ?? throw new FormatException($"{name}: {problem}");

    /// <summary>"field=text with %{oauth2:claim}", between blanks.</summary>
    public IReadOnlyList<(string Name, AnswerTemplate Value)> Fields(string name)
    {
        try
        {
            return [.. Words(name).Select(w => w.Split('=', 2)).Select(w => (w[0], AnswerTemplate.Parse(w.Length > 1 ? w[1] : "yes", "oauth2")))];
        }
        catch (FormatException wrong)
        {
            throw new FormatException($"{name}: {wrong.Message}", wrong);
        }
    }

    /// <summary>Takes the steps of a verdict: for who asks why, and for debug.</summary>
    public Action<string> Tell(LoginFacts login) => step =>
    {
        login.Explanation?.Add(step);
        if (_isVerbose)
            context.Log.OAuth2Step(login.Who, step);
    };

    string Text(string name, string otherwise) => context.Block[name] is { Length: > 0 } text ? text : otherwise;

    string[] Words(string name) => DovecotWordList.Split(Text(name, ""));

    string[] List(string name) => Text(name, "").Split([' ', '\t', ','], StringSplitOptions.RemoveEmptyEntries);

    bool IsYes(string name) => Text(name, "no") switch { "yes" => true, "no" => false, var other => throw new FormatException($"{name}: {other} is neither yes nor no") };

    IntrospectionMode Mode() => Text("introspection_mode", "auth") switch
    {
        "auth" => IntrospectionMode.Auth, "get" => IntrospectionMode.Get, "post" => IntrospectionMode.Post, "local" => IntrospectionMode.Local,
        var other => throw new FormatException($"introspection_mode: unknown word {other} (one of: auth get post local)"),
    };

    Uri? Url(string name)
    {
        if (Text(name, "") is not { Length: > 0 } text)
            return null;
        // Its text may hold a password.
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("https" or "http") || url.Fragment.Length > 0)
            throw new FormatException($"{name} is no URL of a web server");
        if (url.Scheme == "http" && !url.IsLoopback)
            Warn($"{name} begins with http: tokens go over the network in the clear");
        return url;
    }

    /// <summary>Who can put keys of his own in their place makes every token good.</summary>
    Uri? KeyUrl() => Url("jwks_url") is not { } url ? null
        : url.Scheme == "https" || url.IsLoopback ? url : throw new FormatException("jwks_url: keys that come without TLS are anybody's");

    string KeyDirectory()
    {
        var text = Text("local_validation_key_dict", "");
        return text.Length == 0 || text.StartsWith('/') ? text
            : text.StartsWith(KeysPrefix + "/", StringComparison.Ordinal) ? text[KeysPrefix.Length..]
            : throw new FormatException($"local_validation_key_dict: only a directory can be used ({KeysPrefix}/etc/dovecot/keys/)");
    }

    TimeSpan Deadline()
    {
        var text = Text("timeout_msecs", "0");
        if (!uint.TryParse(text, out var milliseconds))
            throw new FormatException($"timeout_msecs: {text} is no number");
        var wanted = TimeSpan.FromMilliseconds(milliseconds);
        return milliseconds == 0 || wanted > _longestDeadline ? _longestDeadline : wanted;
    }

    void Warn(string problem) => context.Log.SettingIgnored(context.Block.Driver, problem);
}
