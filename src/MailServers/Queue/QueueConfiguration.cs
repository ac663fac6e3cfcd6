using MailServers.Queue.Local;
using MailServers.Queue.SmtpClient;
using Sasl.Hosting.Configuration;

namespace MailServers.Queue;

/// <summary>The queue's settings from main.cf.</summary>
static class QueueConfiguration
{
    /// <param name="given">Texts of tables that only the supervisor can read: "table:hash:/etc/postfix/sasl_passwd".</param>
    public static QueueSettings From(Settings main, SystemInfo system, IReadOnlyDictionary<string, string> given) => new()
    {
        HostName = main.Text(MainCf.Myhostname),
        Origin = main.Text(MainCf.Myorigin),
        MessageSizeLimit = main.Size(MainCf.MessageSizeLimit),
        MinimumFree = main.Size(MainCf.QueueMinfree),
        RecipientLimit = main.Integer(MainCf.SmtpdRecipientLimit),
        HopLimit = main.Integer(MainCf.HopcountLimit),
        RunDelay = main.Time(MainCf.QueueRunDelay),
        MinimalBackoff = main.Time(MainCf.MinimalBackoffTime),
        MaximalBackoff = main.Time(MainCf.MaximalBackoffTime),
        Lifetime = main.Time(MainCf.MaximalQueueLifetime),
        BounceLifetime = main.Time(MainCf.BounceQueueLifetime),
        DelayWarning = main.Time(MainCf.DelayWarningTime),
        ActiveMessages = main.Integer(MainCf.QmgrMessageActiveLimit),
        ActiveRecipients = main.Integer(MainCf.QmgrMessageRecipientLimit),
        Deliveries = main.Integer(MainCf.DefaultProcessLimit),
        InitialConcurrency = main.Integer(MainCf.InitialDestinationConcurrency),
        RecipientsPerDelivery = main.Integer(MainCf.DefaultDestinationRecipientLimit),
        SmtpConcurrency = main.Integer(MainCf.DefaultDestinationConcurrencyLimit),
        LocalConcurrency = main.Integer(MainCf.LocalDestinationConcurrencyLimit),
        BounceSizeLimit = main.Size(MainCf.BounceSizeLimit),
        Routing = new()
        {
            LocalDomains = main.List(MainCf.Mydestination),
            RelayDomains = main.List(MainCf.RelayDomains),
            RelayHost = string.Join(' ', main.List(MainCf.Relayhost)),
            LocalTransport = main.Text(MainCf.LocalTransport),
            RelayTransport = main.Text(MainCf.RelayTransport),
            DefaultTransport = main.Text(MainCf.DefaultTransport),
            OwnAddresses = [.. system.Addresses.Select(a => a.Address)],
        },
        Local = new()
        {
            AliasMaps = main.List(MainCf.AliasMaps),
            RecipientDelimiter = main.Text(MainCf.RecipientDelimiter),
        },
        Smtp = Smtp(main, given),
    };

    static SmtpSettings Smtp(Settings main, IReadOnlyDictionary<string, string> given)
    {
        var passwords = new TableReader(main.List(MainCf.SmtpSaslPasswordMaps), aliases: false, given);
        return new()
        {
            HeloName = main.Text(MainCf.SmtpHeloName),
            Port = main.Text(MainCf.SmtpTcpPort) is var port && int.TryParse(port, out var number) ? number : 25,
            Tls = main.Text(MainCf.SmtpTlsSecurityLevel) switch
            {
                "" or "none" => TlsLevel.None,
                "may" => TlsLevel.May,
                "encrypt" => TlsLevel.Encrypt,
                // dane, fingerprint, verify, secure: what asks for more than encrypt must never get less than a good certificate.
                _ => TlsLevel.Verify,
            },
            TlsWrapper = main.Boolean(MainCf.SmtpTlsWrappermode),
            Authenticate = main.Boolean(MainCf.SmtpSaslAuthEnable),
            Password = passwords.Find,
            SaslOptions = main.List(MainCf.SmtpSaslSecurityOptions),
            SaslTlsOptions = main.List(MainCf.SmtpSaslTlsSecurityOptions),
            ConnectTimeout = main.Time(MainCf.SmtpConnectTimeout),
            HeloTimeout = main.Time(MainCf.SmtpHeloTimeout),
            MailTimeout = main.Time(MainCf.SmtpMailTimeout),
            RecipientTimeout = main.Time(MainCf.SmtpRcptTimeout),
            DataInitTimeout = main.Time(MainCf.SmtpDataInitTimeout),
            DataTransferTimeout = main.Time(MainCf.SmtpDataXferTimeout),
            DataDoneTimeout = main.Time(MainCf.SmtpDataDoneTimeout),
            SessionLimit = main.Integer(MainCf.SmtpMxSessionLimit),
            AddressLimit = main.Integer(MainCf.SmtpMxAddressLimit),
        };
    }
}
