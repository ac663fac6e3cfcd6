using System.Net;
using System.Net.Sockets;
using MailServers.Smtp;
using Sasl.Hosting.Configuration;
using Sasl.Hosting.Net;
using Sasl.Protocols.DovecotAuth;
using Testing;

namespace MailServers.Tests.Smtp.Interop;

/// <summary>What one server said, what arrived, and what it logged.</summary>
sealed record Played(string Said, QueuedMail[] Mail, string Log);

/// <summary>Debian's Postfix and our smtpd under one main.cf, with one auth server, each with several sets of -o overrides on ports of their own.</summary>
public sealed class TwoServers : IAsyncLifetime
{
    const string MainCf = """
        myhostname = mail.example.com
        mydomain = example.com
        myorigin = $mydomain
        mydestination = $myhostname, localhost.$mydomain, localhost, $mydomain
        relay_domains = relay.test
        mynetworks = 10.0.0.0/8
        mail_name = Postfix
        alias_maps =
        smtpd_peername_lookup = no
        smtpd_error_sleep_time = 0
        smtpd_forbid_bare_newline = normalize
        smtpd_forbid_unauth_pipelining = yes
        smtpd_tls_security_level = may
        smtpd_sasl_auth_enable = yes
        smtpd_sasl_type = dovecot
        recipient_delimiter = +
        smtputf8_enable = no
        hopcount_limit = 5
        notify_classes =
        local_recipient_maps = inline:{ { user1 = x } { user2 = x } { user1@example.com = x } }

        """;

    /// <summary>The overrides of each pair of services.</summary>
    public static readonly Dictionary<string, (string Name, string Value)[]> Services = new()
    {
        ["plain"] = [],
        ["submission"] = [("smtpd_tls_security_level", "encrypt"), ("smtpd_relay_restrictions", "permit_sasl_authenticated, reject")],
        ["tls auth only"] = [("smtpd_tls_auth_only", "yes")],
        ["walkthrough F1"] =
        [
            ("smtpd_recipient_restrictions", "permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination"), ("smtpd_relay_restrictions", ""),
            ("broken_sasl_auth_clients", "yes"), ("smtpd_sasl_security_options", "noanonymous"),
        ],
        ["no auth"] = [("smtpd_sasl_auth_enable", "no"), ("smtpd_tls_security_level", "none"), ("disable_vrfy_command", "yes"), ("message_size_limit", "0")],
        ["trusted"] = [("mynetworks", "127.0.0.0/8"), ("smtpd_helo_required", "yes"), ("smtpd_sasl_exceptions_networks", "127.0.0.0/8")],
        ["limits"] =
        [
            ("message_size_limit", "3000"), ("smtpd_recipient_limit", "3"), ("smtpd_recipient_overshoot_limit", "1"), ("smtpd_hard_error_limit", "4"),
            ("smtpd_junk_command_limit", "3"), ("strict_rfc821_envelopes", "yes"),
        ],
        ["reject early"] = [("smtpd_delay_reject", "no"), ("smtpd_client_restrictions", "reject"), ("smtpd_sasl_auth_enable", "no")],
        ["reject helo early"] = [("smtpd_delay_reject", "no"), ("smtpd_helo_restrictions", "reject_invalid_helo_hostname, reject_non_fqdn_helo_hostname"), ("smtpd_sender_restrictions", "reject_non_fqdn_sender")],
        ["restrictions"] =
        [
            ("smtpd_helo_restrictions", "reject_invalid_helo_hostname, reject_non_fqdn_helo_hostname"), ("smtpd_sender_restrictions", "reject_non_fqdn_sender"),
            ("smtpd_recipient_restrictions", "reject_non_fqdn_recipient, warn_if_reject reject, permit"),
        ],
        ["reject client late"] = [("smtpd_client_restrictions", "permit_sasl_authenticated, reject"), ("smtpd_data_restrictions", "reject"), ("smtpd_reject_unlisted_recipient", "no")],
        ["reject data"] = [("smtpd_data_restrictions", "reject_unauth_pipelining, reject")],
        ["reject end of data"] = [("smtpd_end_of_data_restrictions", "defer")],
        ["defer if permit"] = [("smtpd_sender_restrictions", "defer_if_permit"), ("soft_bounce", "no")],
        ["bare newline reject"] = [("smtpd_forbid_bare_newline", "reject")],
        ["unknown restriction"] = [("smtpd_recipient_restrictions", "no_such_thing")],
        ["discard keywords"] = [("smtpd_discard_ehlo_keywords", "auth, dsn, chunking, starttls, silent-discard")],
    };

    readonly TemporaryDirectory _directory = new();
    readonly CancellationTokenSource _stop = new();
    readonly List<Socket> _listeners = [];
    readonly List<Task> _serving = [];
    readonly Dictionary<string, (int Theirs, int Ours)> _ports = [];
    QueueStub _theirQueue = null!, _ourQueue = null!;
    AuthStub _auth = null!;
    UserdbStub _users = null!;
    AuthClient _authClient = null!;
    AuthUserdbClient _userdbClient = null!;
    RunningPostfix? _postfix;

    internal CapturedLog OurLog { get; } = new();

    public string TheirLog => _postfix?.Log ?? "";

    public async Task InitializeAsync()
    {
        if (RunningPostfix.Missing is not null)
            return;
        _theirQueue = new(_directory["their-queue"]);
        _ourQueue = new(_directory["our-queue"]);
        _auth = new(_directory["auth"]);
        _users = new(_directory["users"], "user1", "user2");
        foreach (var socket in (string[])["their-queue", "auth"])
            File.SetUnixFileMode(_directory[socket], (UnixFileMode)0b110_110_110);
        _authClient = new(AuthAddress.TryParse(_directory["auth"])!);
        _userdbClient = new(AuthAddress.TryParse(_directory["users"])!);
        var pem = SmtpTestServer.Pem;
        File.WriteAllText(_directory["server.pem"], pem);
        var mainCf = MainCf + $"smtpd_tls_cert_file = {_directory["server.pem"]}\nsmtpd_sasl_path = {_directory["auth"]}\n{string.Concat(((string[])["local", "relay", "default"]).Select(t => $"{t}_transport = lmtp:unix:{_directory["their-queue"]}\n"))}";
        var problems = new List<Problem>();
        var values = PostfixFile.Parse("main.cf", mainCf, problems).DistinctBy(e => e.Name).ToDictionary(e => e.Name, e => e.Value);
        var lines = new List<string>();
        foreach (var (name, overrides) in Services)
        {
            var theirs = RunningPostfix.FreePort();
            lines.Add($"127.0.0.1:{theirs} {string.Join(' ', overrides.Select(o => $"-o {{ {o.Name} = {o.Value} }}"))}");
            var effective = new Dictionary<string, string>(values);
            foreach (var (key, value) in overrides)
                effective[key] = value;
            _ports[name] = (theirs, Listen(Serve(effective, pem)));
        }
        _postfix = await RunningPostfix.StartAsync(_directory, mainCf, lines);
    }

    /// <summary>Plays a script to both. What each said, and what arrived.</summary>
    internal async Task<(Played Theirs, Played Ours)> PlayAsync(string service, string script)
    {
        var (theirs, ours) = _ports[service];
        var logged = TheirLog.Length;
        OurLog.Clear();
        _theirQueue.Mails.Clear();
        _ourQueue.Mails.Clear();
        var theirWords = await Conversation.PlayAsync(theirs, script);
        var ourWords = await Conversation.PlayAsync(ours, script);
        // Postfix answers first and delivers then; what it will deliver is what it has said that it queued.
        await Eventually.TrueAsync(() => _theirQueue.Mails.Count >= Conversation.Queued(theirWords), "Postfix has delivered", TimeSpan.FromSeconds(30));
        await Eventually.TrueAsync(() => TheirLog[logged..].Contains(": disconnect from ") && OurLog.Lines.Any(l => l.StartsWith("disconnect from ")), "both have logged the end", TimeSpan.FromSeconds(30));
        return (new(theirWords, [.. _theirQueue.Mails], SmtpLogLines.OfPostfix(TheirLog[logged..])), new(ourWords, [.. _ourQueue.Mails], SmtpLogLines.Comparable(OurLog.Lines)));
    }

    public async Task DisposeAsync()
    {
        if (_postfix is not null)
        {
            await _postfix.DisposeAsync();
            await _stop.CancelAsync();
            _listeners.ForEach(l => l.Dispose());
            await Task.WhenAll(_serving).WaitAsync(TimeSpan.FromSeconds(20));
            await _authClient.DisposeAsync();
            await _userdbClient.DisposeAsync();
            _theirQueue.Dispose();
            _ourQueue.Dispose();
            _auth.Dispose();
            _users.Dispose();
        }
        _directory.Dispose();
    }

    SmtpHost Serve(IReadOnlyDictionary<string, string> values, string pem)
    {
        var system = SystemInfo.Current();
        var settings = SmtpSettings.From(Sasl.Hosting.Configuration.MainCf.Create(values, system), system);
        return new(new(settings, new(_directory["our-queue"], "mail.example.com", TimeSpan.FromSeconds(20)), new DomainStub(), OurLog, TimeProvider.System)
        {
            Tls = ServerTls.FromPem(pem, pem),
            Sasl = settings.SaslAuthEnable ? new(_authClient, _directory["auth"], settings, OurLog) : null,
            Recipients = new(new([], OurLog), _userdbClient, settings, OurLog),
        }, null);
    }

    int Listen(SmtpHost host)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(64);
        _listeners.Add(listener);
        _serving.Add(new Acceptor(listener, 100, host.ServeAsync).RunAsync(_stop.Token));
        return ((IPEndPoint)listener.LocalEndPoint!).Port;
    }
}
