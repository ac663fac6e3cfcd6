using System.Net.Security;
using MailServers.Smtp.Addresses;
using MailServers.Smtp.Restrictions;
using Microsoft.Extensions.Logging;

namespace MailServers.Smtp;

/// <summary>What all sessions of one smtpd service share. Composed by hand in the role; nothing here changes but the counts.</summary>
sealed class SmtpServer(SmtpSettings settings, QueueClient queue, IDomainLookup domains, ILogger log, TimeProvider time)
{
    public SmtpSettings Settings => settings;

    public QueueClient Queue => queue;

    public IDomainLookup Domains => domains;

    public ILogger Log => log;

    public TimeProvider Time => time;

    public MailId Ids { get; } = new(time);

    public AddressResolver Resolver { get; } = new(new(settings.Destinations, settings.RelayDomains, settings.OwnAddresses), settings.Origin);

    public AccessPolicy Access { get; } = new(settings);

    public ClientRates Rates { get; } = new(settings.RateLimits, settings.RateTimeUnit, settings.EventLimitExceptions, time);

    public ClientCounts Clients { get; } = new(settings.ClientConnectionLimit, settings.EventLimitExceptions);

    /// <summary>Null: nobody can tell which local recipients exist, so none is refused for that.</summary>
    public LocalRecipients? Recipients { get; init; }

    /// <summary>Null: no AUTH.</summary>
    public SaslServer? Sasl { get; init; }

    /// <summary>Null: no TLS.</summary>
    public SslServerAuthenticationOptions? Tls { get; init; }
}
