using System.Net;
using MailServers.Smtp.Restrictions;

namespace MailServers.Smtp;

enum TlsLevel { None, May, Encrypt }

/// <summary>What one smtpd service does, from main.cf and the -o overrides of its master.cf line. The defaults are Postfix's.</summary>
sealed partial record SmtpSettings
{
    public string HostName { get; init; } = "localhost.localdomain";
    public string Origin { get; init; } = "localhost.localdomain";
    public string MailName { get; init; } = "Postfix";
    public string Banner { get; init; } = "localhost.localdomain ESMTP Postfix";
    public IReadOnlyList<string> Destinations { get; init; } = ["localhost.localdomain", "localhost"];
    public IReadOnlyList<string> RelayDomains { get; init; } = [];
    public NetworkList MyNetworks { get; init; } = NetworkList.Empty;
    public IReadOnlyList<IPAddress> OwnAddresses { get; init; } = [IPAddress.Loopback, IPAddress.IPv6Loopback];
    public IReadOnlyList<string> AliasFiles { get; init; } = [];
    public string RecipientDelimiter { get; init; } = "";

    public bool HeloRequired { get; init; }
    public bool DisableVrfy { get; init; }
    public bool DelayReject { get; init; } = true;
    public bool RejectUnlistedRecipient { get; init; } = true;
    public bool ShowUserUnknownTableName { get; init; } = true;
    public bool LookUpClientName { get; init; } = true;
    public IReadOnlyList<string> ClientRestrictions { get; init; } = [];
    public IReadOnlyList<string> HeloRestrictions { get; init; } = [];
    public IReadOnlyList<string> SenderRestrictions { get; init; } = [];
    public IReadOnlyList<string> RelayRestrictions { get; init; } = ["permit_mynetworks", "permit_sasl_authenticated", "defer_unauth_destination"];
    public IReadOnlyList<string> RecipientRestrictions { get; init; } = [];
    public IReadOnlyList<string> DataRestrictions { get; init; } = [];
    public IReadOnlyList<string> EndOfDataRestrictions { get; init; } = [];
    public RejectCodes Codes { get; init; } = new();
    public bool RelayBeforeRecipient { get; init; } = true;
    public bool StrictEnvelopes { get; init; }
    public bool ClientPortLogging { get; init; }
    public IReadOnlyDictionary<RateEvent, int> RateLimits { get; init; } = new Dictionary<RateEvent, int>();
    public TimeSpan RateTimeUnit { get; init; } = TimeSpan.FromSeconds(60);

    public long MessageSizeLimit { get; init; } = 10_240_000;
    public int LineLengthLimit { get; init; } = 2048;
    public int RecipientLimit { get; init; } = 1000;
    public int RecipientOvershootLimit { get; init; } = 1000;
    public int HopCountLimit { get; init; } = 50;
    public int SoftErrorLimit { get; init; } = 10;
    public int HardErrorLimit { get; init; } = 20;
    public int JunkCommandLimit { get; init; } = 100;
    public int ClientConnectionLimit { get; init; } = 50;
    public NetworkList EventLimitExceptions { get; init; } = NetworkList.Empty;
    public TimeSpan ErrorSleepTime { get; init; } = TimeSpan.FromSeconds(1);
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(300);
    public TimeSpan StartTlsTimeout { get; init; } = TimeSpan.FromSeconds(300);
    public bool ForbidUnauthPipelining { get; init; } = true;
    public bool RejectBareNewline { get; init; }
    public NetworkList BareNewlineExclusions { get; init; } = NetworkList.Empty;
    public IReadOnlyList<string> ForbiddenCommands { get; init; } = ["CONNECT", "GET", "POST"];
    public IReadOnlyList<string> NoopCommands { get; init; } = [];
    public IReadOnlyList<string> DiscardEhloKeywords { get; init; } = [];
    public bool HideClientSession { get; init; }
    public bool AlwaysAddMissingHeaders { get; init; }

    public TlsLevel TlsLevel { get; init; }
    public bool TlsWrapperMode { get; init; }
    public bool TlsReceivedHeader { get; init; }
    public bool TlsAuthOnly { get; init; }
    public int TlsLogLevel { get; init; }

    public bool SaslAuthEnable { get; init; }
    public IReadOnlyList<string> SaslSecurityOptions { get; init; } = ["noanonymous"];
    public IReadOnlyList<string> SaslTlsSecurityOptions { get; init; } = ["noanonymous"];
    public IReadOnlyList<string> SaslMechanismFilter { get; init; } = ["!external", "static:rest"];
    public string SaslLocalDomain { get; init; } = "";
    public string SaslService { get; init; } = "smtp";
    public bool SaslAuthenticatedHeader { get; init; }
    public NetworkList SaslExceptionsNetworks { get; init; } = NetworkList.Empty;
    public bool BrokenSaslAuthClients { get; init; }
    public int SaslResponseLimit { get; init; } = 12288;

    /// <summary>smtpd_tls_auth_only; without mandatory TLS no password travels in the clear either.</summary>
    public bool AuthNeedsTls => TlsAuthOnly || TlsLevel == TlsLevel.Encrypt;

    public bool Discards(string keyword) => DiscardEhloKeywords.Contains(keyword, StringComparer.OrdinalIgnoreCase);
}
