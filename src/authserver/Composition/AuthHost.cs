using System.Text;
using AuthServer.Client;
using AuthServer.Passdb;
using AuthServer.Userdb;
using AuthServer.Users;
using Microsoft.Extensions.Logging;
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
    readonly UserNames _names;
    readonly PassdbChain _passdbs;
    readonly string _processId = Environment.ProcessId.ToString();
    int _connections;

    public AuthHost(AuthServerSettings settings, PassdbChain passdbs, UserdbChain userdbs, ILogger log, TimeProvider time)
    {
        (Settings, Users, Log, Time, _passdbs) = (settings, userdbs, log, time, passdbs);
        _names = new(settings);
        _offered = [.. settings.Mechanisms.Select(SaslMechanisms.Find).OfType<SaslMechanism>().Select(m => new OfferedMechanism(m.Name, MechanismWords.From(m.Flags)))];
    }

    public AuthServerSettings Settings { get; }

    public UserdbChain Users { get; }

    public ClientRegistry Clients { get; } = new();

    public ILogger Log { get; }

    public TimeProvider Time { get; }

    public string ProcessId => _processId;

    /// <summary>The final spelling of a name in a look-up, or null.</summary>
    public string? NormalizeName(string name) => _names.Normalize(name, out _);

    /// <summary>Only what is offered can be used.</summary>
    public SaslMechanism? FindMechanism(string name) =>
        Array.Exists(_offered, o => string.Equals(o.Name, name, StringComparison.OrdinalIgnoreCase)) ? SaslMechanisms.Find(name) : null;

    public LoginCredentials CredentialsFor(ClientCommand.Auth command) =>
        new(_names, _passdbs, LoginOrigin.Of(command), Log, Settings.IsVerbose);

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

    public void LogSuccess(ClientCommand.Auth command, string user, string mechanism) =>
        Log.Succeeded(LoginOrigin.Of(command).Who(user), mechanism);

    public void LogRefusal(ClientCommand.Auth command, SaslOutcome.Failure failure)
    {
        if (Settings.IsVerbose)
            Log.Refused("auth", LoginOrigin.Of(command).Who(failure.AuthenticationId ?? "?"), failure.Reason);
    }

    public void LogNoVerdict(ClientCommand.Auth command, string user) =>
        Log.Unavailable("auth", LoginOrigin.Of(command).Who(user), $"no verdict within {LongestStep.TotalSeconds:0} s");

    public void LogBrokenClient(int pid, string reason) => Log.BrokenClient(pid, reason);

    public void LogBug(Exception bug) => Log.Bug(bug);
}
