using MailServers.Smtp.Restrictions;
using Sasl.Hosting.Configuration;

namespace MailServers.Smtp;

sealed partial record SmtpSettings
{
    /// <summary>From the effective values of main.cf and the service's -o overrides.</summary>
    public static SmtpSettings From(Settings main, SystemInfo system) => new()
    {
        HostName = main.Text(MainCf.Myhostname),
        Origin = main.Text(MainCf.Myorigin),
        MailName = main.Text(MainCf.MailName),
        Banner = main.Text(MainCf.SmtpdBanner),
        Destinations = main.List(MainCf.Mydestination),
        RelayDomains = main.List(MainCf.RelayDomains),
        MyNetworks = new(main.List(MainCf.Mynetworks)),
        OwnAddresses = [.. system.Addresses.Select(a => a.Address)],
        AliasFiles = [.. main.List(MainCf.AliasMaps).Select(TableFile).OfType<string>()],
        RecipientDelimiter = main.Text(MainCf.RecipientDelimiter),
        HeloRequired = main.Boolean(MainCf.SmtpdHeloRequired),
        DisableVrfy = main.Boolean(MainCf.DisableVrfyCommand),
        DelayReject = main.Boolean(MainCf.SmtpdDelayReject),
        // An empty local_recipient_maps means that any local name may exist.
        RejectUnlistedRecipient = main.Boolean(MainCf.SmtpdRejectUnlistedRecipient) && main.List(MainCf.LocalRecipientMaps).Count > 0,
        ShowUserUnknownTableName = main.Boolean(MainCf.ShowUserUnknownTableName),
        LookUpClientName = main.Boolean(MainCf.SmtpdPeernameLookup),
        ClientRestrictions = main.List(MainCf.SmtpdClientRestrictions),
        HeloRestrictions = main.List(MainCf.SmtpdHeloRestrictions),
        SenderRestrictions = main.List(MainCf.SmtpdSenderRestrictions),
        RelayRestrictions = main.List(MainCf.SmtpdRelayRestrictions),
        RecipientRestrictions = main.List(MainCf.SmtpdRecipientRestrictions),
        DataRestrictions = main.List(MainCf.SmtpdDataRestrictions),
        EndOfDataRestrictions = main.List(MainCf.SmtpdEndOfDataRestrictions),
        Codes = RejectCodes.From(main),
        RelayBeforeRecipient = main.Boolean(MainCf.SmtpdRelayBeforeRecipientRestrictions),
        StrictEnvelopes = main.Boolean(MainCf.StrictRfc821Envelopes),
        ClientPortLogging = main.Boolean(MainCf.SmtpdClientPortLogging),
        RateLimits = new Dictionary<RateEvent, int>
        {
            [RateEvent.Connection] = main.Integer(MainCf.SmtpdClientConnectionRateLimit),
            [RateEvent.Message] = main.Integer(MainCf.SmtpdClientMessageRateLimit),
            [RateEvent.Recipient] = main.Integer(MainCf.SmtpdClientRecipientRateLimit),
            [RateEvent.Authentication] = main.Integer(MainCf.SmtpdClientAuthRateLimit),
            [RateEvent.TlsSession] = main.Integer(MainCf.SmtpdClientNewTlsSessionRateLimit),
        },
        RateTimeUnit = main.Time(MainCf.AnvilRateTimeUnit),
        MessageSizeLimit = main.Size(MainCf.MessageSizeLimit),
        LineLengthLimit = main.Integer(MainCf.LineLengthLimit),
        RecipientLimit = main.Integer(MainCf.SmtpdRecipientLimit),
        RecipientOvershootLimit = main.Integer(MainCf.SmtpdRecipientOvershootLimit),
        HopCountLimit = main.Integer(MainCf.HopcountLimit),
        SoftErrorLimit = main.Integer(MainCf.SmtpdSoftErrorLimit),
        HardErrorLimit = main.Integer(MainCf.SmtpdHardErrorLimit),
        JunkCommandLimit = main.Integer(MainCf.SmtpdJunkCommandLimit),
        ClientConnectionLimit = main.Integer(MainCf.SmtpdClientConnectionCountLimit),
        EventLimitExceptions = new(main.List(MainCf.SmtpdClientEventLimitExceptions)),
        ErrorSleepTime = main.Time(MainCf.SmtpdErrorSleepTime),
        Timeout = main.Time(MainCf.SmtpdTimeout),
        StartTlsTimeout = main.Time(MainCf.SmtpdStarttlsTimeout),
        ForbidUnauthPipelining = main.Boolean(MainCf.SmtpdForbidUnauthPipelining),
        RejectBareNewline = main.Text(MainCf.SmtpdForbidBareNewline) == "reject",
        BareNewlineExclusions = new(main.List(MainCf.SmtpdForbidBareNewlineExclusions)),
        ForbiddenCommands = main.List(MainCf.SmtpdForbiddenCommands),
        NoopCommands = main.List(MainCf.SmtpdNoopCommands),
        DiscardEhloKeywords = main.List(MainCf.SmtpdDiscardEhloKeywords),
        AlwaysAddMissingHeaders = main.Boolean(MainCf.AlwaysAddMissingHeaders),
        TlsLevel = Level(main),
        TlsWrapperMode = main.Boolean(MainCf.SmtpdTlsWrappermode),
        TlsReceivedHeader = main.Boolean(MainCf.SmtpdTlsReceivedHeader),
        TlsAuthOnly = main.Boolean(MainCf.SmtpdTlsAuthOnly),
        TlsLogLevel = main.Integer(MainCf.SmtpdTlsLoglevel),
        SaslAuthEnable = main.Boolean(MainCf.SmtpdSaslAuthEnable),
        SaslSecurityOptions = main.List(MainCf.SmtpdSaslSecurityOptions),
        SaslTlsSecurityOptions = main.List(MainCf.SmtpdSaslTlsSecurityOptions),
        SaslMechanismFilter = main.List(MainCf.SmtpdSaslMechanismFilter),
        // Cyrus makes the realm part of the user's name; the Dovecot protocol has no place for it.
        SaslLocalDomain = main.Text(MainCf.SmtpdSaslType) == "dovecot" ? "" : main.Text(MainCf.SmtpdSaslLocalDomain),
        SaslService = main.Text(MainCf.SmtpdSaslService),
        SaslAuthenticatedHeader = main.Boolean(MainCf.SmtpdSaslAuthenticatedHeader),
        SaslExceptionsNetworks = new(main.List(MainCf.SmtpdSaslExceptionsNetworks)),
        BrokenSaslAuthClients = main.Boolean(MainCf.BrokenSaslAuthClients),
        SaslResponseLimit = main.Integer(MainCf.SmtpdSaslResponseLimit),
        HideClientSession = main.Boolean(MainCf.SmtpdHideClientSession),
    };

    static TlsLevel Level(Settings main) => main.Text(MainCf.SmtpdTlsSecurityLevel) switch
    {
        "encrypt" => TlsLevel.Encrypt,
        "may" => TlsLevel.May,
        "none" => TlsLevel.None,
        _ => main.Boolean(MainCf.SmtpdEnforceTls) ? TlsLevel.Encrypt : main.Boolean(MainCf.SmtpdUseTls) ? TlsLevel.May : TlsLevel.None,
    };

    /// <summary>"hash:/etc/aliases" is the text file /etc/aliases here: no compiled tables.</summary>
    static string? TableFile(string map)
    {
        var colon = map.IndexOf(':');
        var file = colon < 0 ? map : map[(colon + 1)..];
        return file.StartsWith('/') ? file : null;
    }
}
