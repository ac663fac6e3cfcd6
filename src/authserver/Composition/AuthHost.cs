using System.Text;
using AuthServer.Client;
using AuthServer.Passdb;
using AuthServer.Userdb;
using AuthServer.Logins;
using Microsoft.Extensions.Logging;
using Sasl.Credentials;
using Sasl.Hosting.Configuration;
using Sasl.Mechanisms;
using Sasl.Protocols;
using Sasl.Protocols.DovecotAuth;

namespace AuthServer.Composition;

/// <summary>What all connections of one auth server share.</summary>
sealed class AuthHost
{
    /// <summary>A step that has no verdict by then is an internal failure.</summary>
    public static readonly TimeSpan LongestStep = TimeSpan.FromSeconds(7);

    /// <summary>Step and failure delay together: Postfix gives up after ten seconds.</summary>
    public static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(7.5);

    /// <summary>How long a client may think, and how long a finished login waits for its REQUEST.</summary>
    public static readonly TimeSpan RequestLifetime = TimeSpan.FromSeconds(150);

    /// <summary>Every client known says VERSION and CPID as soon as it is connected. One that does not holds a descriptor for nothing.</summary>
    public static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(30);

    readonly OfferedMechanism[] _offered;
    readonly LoginServices _logins;
    readonly string _processId = Environment.ProcessId.ToString();
    int _connections;

    public AuthHost(AuthServerSettings settings, PassdbChain passdbs, UserdbChain userdbs, IReadOnlyList<ILoginGuard> guards, ILogger log, TimeProvider time)
    {
        (Settings, Passdbs, Users, Log, Time) = (settings, passdbs, userdbs, log, time);
        _logins = new(new(settings), passdbs, guards, log, settings.IsVerbose, settings.Values.Text(DovecotConf.AuthMasterUserSeparator) is { Length: > 0 } separator ? separator : null);
        Sasl = SaslSettings.Default;
        FailureDelay = settings.Values.Time(DovecotConf.AuthFailureDelay);
        _offered = [.. settings.Mechanisms.Select(SaslMechanisms.Find).OfType<SaslMechanism>().Select(m => new OfferedMechanism(m.Name, MechanismWords.From(m.Flags)))];
    }

    public AuthServerSettings Settings { get; }

    public PassdbChain Passdbs { get; }

    public UserdbChain Users { get; }

    /// <summary>Null when nothing is remembered.</summary>
    public AuthCache? Cache { get; init; }

    /// <summary>What all exchanges have in common.</summary>
    public SaslSettings Sasl { get; }

    public TimeSpan FailureDelay { get; }

    public ClientRegistry Clients { get; } = new();

    public ILogger Log { get; }

    public TimeProvider Time { get; }

    public string ProcessId => _processId;

    /// <summary>The final spelling of a name in a look-up, or null.</summary>
    public string? NormalizeName(string name) => _logins.Names.Normalize(name, out _);

    /// <summary>Only what is offered can be used.</summary>
    public SaslMechanism? FindMechanism(string name) =>
        Array.Exists(_offered, o => string.Equals(o.Name, name, StringComparison.OrdinalIgnoreCase)) ? SaslMechanisms.Find(name) : null;

    public LoginCredentials CredentialsFor(LoginOrigin origin, Explanation? explanation = null) => new(_logins, origin, explanation);

    /// <summary>
    /// The whole legacy greeting. MECH before SPID: by that Postfix and Exim know the right socket. Minor version 2, because 3 would promise
    /// channel bindings and 4 CANCELLED.
    /// </summary>
    public string Handshake(string cookie)
    {
        var text = new StringBuilder("VERSION\t1\t2\n");
        foreach (var mechanism in _offered)
            text.Append(TabLine.Join(mechanism.ToFields())).Append('\n');
        return text.Append($"SPID\t{_processId}\nCUID\t{Interlocked.Increment(ref _connections)}\nCOOKIE\t{cookie}\nDONE\n").ToString();
    }

    public void LogRefusal(LoginOrigin origin, SaslOutcome.Failure failure)
    {
        if (Settings.IsVerbose)
            Log.Refused("auth", origin.Who(failure.AuthenticationId ?? "?"), failure.Reason);
    }

    public void LogNoVerdict(LoginOrigin origin, string user) =>
        Log.Unavailable("auth", origin.Who(user), $"no verdict within {LongestStep.TotalSeconds:0} s");

    public void LogBrokenClient(int pid, string reason) => Log.BrokenClient(pid, reason);

    public void LogBug(Exception bug) => Log.Bug(bug);
}
