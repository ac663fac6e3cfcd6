using Sasl.Hosting.Logging;
using Sasl.Protocols.DovecotAuth;

namespace AuthServer.Composition;

/// <summary>A socket that the command line names.</summary>
sealed record ListenArgument(AuthListener Listener, string Path);

/// <summary>The command line of a person.</summary>
/// <param name="ConfigurationDirectory">Where dovecot.conf is.</param>
/// <param name="User">Whom to become after binding, when started as root.</param>
sealed record StandaloneArguments(string ConfigurationDirectory, IReadOnlyList<ListenArgument> Listeners, string User, LogTarget Log)
{
    public const string Usage = """
        usage: authserver -c DIRECTORY [-u USER] [--syslog] [--listen TYPE:PATH[:MODE]]...
               authserver --self-test
        DIRECTORY holds dovecot.conf; without --listen the sockets of its "service auth" are served. TYPE is auth-legacy (or client) for Postfix and Exim,
        auth and login for those who speak first, as Dovecot 2.4 does, master, userdb.
        """;

    /// <summary>Null, and what is wrong, when it cannot be understood.</summary>
    public static StandaloneArguments? TryParse(ReadOnlySpan<string> arguments, out string problem)
    {
        var parsed = new StandaloneArguments("", [], "saslauth", LogTarget.StandardError);
        problem = "";
        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] == "--syslog")
            {
                parsed = parsed with { Log = LogTarget.Syslog };
                continue;
            }
            if (arguments[i] is not ("-c" or "-u" or "--listen") || i + 1 == arguments.Length)
            {
                problem = $"unexpected argument {arguments[i]}";
                return null;
            }
            var value = arguments[++i];
            if (arguments[i - 1] == "-c")
                parsed = parsed with { ConfigurationDirectory = value };
            else if (arguments[i - 1] == "-u")
                parsed = parsed with { User = value };
            else if (Listener(value) is { } listener)
                parsed = parsed with { Listeners = [.. parsed.Listeners, listener] };
            else
                problem = $"--listen {value}: not type:path or type:path:mode";
        }
        if (problem.Length == 0 && parsed.ConfigurationDirectory.Length == 0)
            problem = "-c is missing";
        return problem.Length == 0 ? parsed : null;
    }

    static ListenArgument? Listener(string text)
    {
        if (text.Split(':') is not [var kind, var path, .. var rest] || rest.Length > 1 || !path.StartsWith('/'))
            return null;
        var octal = rest.Length == 0 ? "600" : rest[0];
        return AuthListener.Configured("", kind) is { Type: not (AuthListenerType.Token or AuthListenerType.TokenLogin) } listener && kind.Length > 0
            && octal.Length is > 0 and < 5 && octal.All(c => c is >= '0' and <= '7') ? new(listener with { Mode = Convert.ToUInt32(octal, 8) }, path) : null;
    }
}
