using System.Net;
using MailServers.Imap;
using Sasl.Hosting.Configuration;

namespace MailServers.Login;

/// <summary>The ssl setting.</summary>
enum TlsMode { No, Yes, Required }

/// <summary>What a login front end is configured to do. The defaults are those of dovecot.conf.</summary>
sealed record LoginSettings
{
    public string Greeting { get; init; } = "Ready.";

    /// <summary>imap_id_send, as ID writes it: the same before and after the login.</summary>
    public ImapId ImapId { get; init; } = ImapId.Default;

    public TlsMode Tls { get; init; } = TlsMode.Yes;

    public bool DisablePlaintextAuth { get; init; } = true;

    /// <summary>Networks whose clients may send passwords without TLS.</summary>
    public IReadOnlyList<IPNetwork> TrustedNetworks { get; init; } = [];

    /// <summary>From the connection to the end of the login; the whole of it, so that a dribbling client gains nothing.</summary>
    public TimeSpan LoginTimeout { get; init; } = TimeSpan.FromSeconds(180);

    /// <summary>Clients at once, TLS relays included.</summary>
    public int ClientLimit { get; init; } = 1000;

    /// <summary>How long relays of logged-in clients go on once the process is asked to end.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long one block may wait for a client that does not read.</summary>
    public TimeSpan RelayWriteTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Reads dovecot.conf. The words were checked when the file was read, except the networks: those throw, and the start is refused.</summary>
    public static LoginSettings From(Settings settings) => new()
    {
        Greeting = settings.Text(DovecotConf.LoginGreeting),
        ImapId = ImapId.From(settings),
        Tls = settings.Text(DovecotConf.Ssl) switch { "no" => TlsMode.No, "required" => TlsMode.Required, _ => TlsMode.Yes },
        DisablePlaintextAuth = settings.Boolean(DovecotConf.DisablePlaintextAuth),
        TrustedNetworks = Login.TrustedNetworks.TryParse(settings.List(DovecotConf.LoginTrustedNetworks), out var wrong)
            ?? throw new InvalidDataException($"login_trusted_networks: \"{wrong}\" is not a network"),
        ClientLimit = settings.Integer(DovecotConf.DefaultClientLimit),
    };
}
