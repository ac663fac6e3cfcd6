using Sasl.Hosting.Configuration;
using Sasl.Hosting.Daemon;
using Sasl.Protocols.DovecotAuth;

namespace MailControl.Auth;

/// <summary>What a sub-command of "mailctl auth" works with: the configuration, and the running auth server's master socket.</summary>
/// <param name="Command">Streams and prompt.</param>
/// <param name="Directory">Where the configuration is.</param>
/// <param name="Socket">The master socket, when it was named; else the configuration's.</param>
sealed record AuthContext(CommandContext Command, string Directory, string? Socket)
{
    /// <summary>Longer than any login may take.</summary>
    static readonly TimeSpan _patience = TimeSpan.FromSeconds(15);

    /// <summary>dovecot.conf, read when somebody asks for it. What is wrong with it is "mailctl check"'s to tell.</summary>
    public DovecotConfiguration Configuration => field ??= MailConfiguration.Load(Directory, Command.System()).Configuration.Dovecot;

    /// <summary>The socket that answers questions about everybody.</summary>
    public AuthAddress Master => new(Socket
        ?? Configuration.Service("auth").UnixListeners.FirstOrDefault(l => l.Kind == "master")?.Path
        ?? Path.Combine(Configuration.Settings.Text(DovecotConf.BaseDir), "auth-master"), null, 0);

    /// <summary>The socket on which front ends log their clients in.</summary>
    public AuthAddress Client => new(Socket ?? Path.Combine(Configuration.Settings.Text(DovecotConf.BaseDir), "auth-client"), null, 0);

    /// <summary>Asks the running auth server; the lines of its answer, the last of which says how it ended.</summary>
    /// <exception cref="IOException">Nobody answers.</exception>
    public Task<IReadOnlyList<string[]>> AskAsync(string verb, params IEnumerable<string> fields) => AuthMasterQuestion.AskAsync(Master, verb, fields, _patience);

    /// <summary>Says how a sub-command is used and returns the exit status for that.</summary>
    public int Misused(AuthSubcommand subcommand) => Command.Fail($"usage: mailctl auth [-c DIR] [-a SOCKET] {subcommand.Name} {subcommand.Usage}", ExitCode.Usage);
}
