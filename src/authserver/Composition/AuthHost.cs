using AuthServer.Client;
using AuthServer.Defence;
using AuthServer.Passdb;
using AuthServer.Userdb;
using AuthServer.Logins;
using Microsoft.Extensions.Logging;
using Sasl.Credentials;
using Sasl.Hosting.Configuration;
using Sasl.Mechanisms;
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

    /// <summary>When the server ends: within this time a client that has just connected asks what it has come for.</summary>
    public static readonly TimeSpan FirstQuestion = TimeSpan.FromSeconds(1);

    /// <summary>How long those under way may go on when the server ends. With the longest answer it is less than what a supervisor waits.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    readonly LoginServices _logins;
    volatile AuthHost? _successor;

    public AuthHost(AuthServerSettings settings, PassdbChain passdbs, UserdbChain userdbs, Kept kept, ILogger log, TimeProvider time)
    {
        (Settings, Passdbs, Users, Kept, Log, Time) = (settings, passdbs, userdbs, kept, log, time);
        Certificates = CertificateRules.From(settings);
        _logins = new(new(settings), passdbs, kept.Guards(settings), log, settings.IsVerbose, settings.Values.Text(DovecotConf.AuthMasterUserSeparator) is { Length: > 0 } separator ? separator : null) { Apps = kept.Apps, Certificates = Certificates, Realms = settings.Values.List(DovecotConf.AuthRealms) };
        Sasl = new(settings, passdbs, log);
        FailureDelay = settings.Values.Time(DovecotConf.AuthFailureDelay);
        Greeting = new(settings.Mechanisms.Select(SaslMechanisms.Find).OfType<SaslMechanism>());
    }

    public AuthServerSettings Settings { get; }

    public PassdbChain Passdbs { get; }

    public UserdbChain Users { get; }

    /// <summary>Null when nothing is remembered.</summary>
    public AuthCache? Cache { get; init; }

    /// <summary>What all exchanges have in common.</summary>
    public SaslChoices Sasl { get; }

    /// <summary>Does what can be done before the first client comes; once root has been given up.</summary>
    public void Begin()
    {
        Sasl.Begin();
        Passdbs.Begin();
        Kept.Keeping.Begin();
    }

    public TimeSpan FailureDelay { get; }

    /// <summary>What stays when the settings change.</summary>
    public Kept Kept { get; }

    /// <summary>What limits guessing; null when nothing does.</summary>
    public LoginDefence? Defence => DefenceSettings.From(Settings.Values) is null ? null : Kept.Defence;

    public ClientRegistry Clients => Kept.Clients;

    public Greeting Greeting { get; }

    public CertificateRules Certificates { get; }

    /// <summary>The newest: a connection asks it for each new request, so that a reload counts for connections that are there already.</summary>
    public AuthHost Current
    {
        get
        {
            var newest = this;
            while (newest._successor is { } next)
                newest = next;
            // Those in between are wanted by nobody else.
            if (newest != this)
                _successor = newest;
            return newest;
        }
    }

    public ILogger Log { get; }

    public TimeProvider Time { get; }

    public string ProcessId { get; } = Environment.ProcessId.ToString();

    /// <summary>From now on new requests are the other's. Those under way keep what they began with.</summary>
    public void SucceedBy(AuthHost successor) => _successor = successor;

    /// <summary>The final spelling of a name in a look-up, or null.</summary>
    public string? NormalizeName(string name) => _logins.Names.Normalize(name, out _);

    public LoginCredentials CredentialsFor(LoginOrigin origin, Explanation? explanation = null) => new(_logins, origin, explanation);

    public void LogNoVerdict(LoginOrigin origin, string user) =>
        Log.Unavailable("auth", origin.Who(user), $"no verdict within {LongestStep.TotalSeconds:0} s");

    public void LogBrokenClient(int pid, string reason) => Log.BrokenClient(pid, reason);

    public void LogBug(Exception bug) => Log.Bug(bug);
}
