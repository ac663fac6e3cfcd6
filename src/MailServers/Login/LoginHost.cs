using System.Net.Security;
using Microsoft.Extensions.Logging;
using Sasl.Protocols.DovecotAuth;
using Sasl.Protocols.Supervision;

namespace MailServers.Login;

/// <summary>What all clients of one front-end process share.</summary>
/// <param name="Tls">Null when there is no certificate: no STARTTLS then.</param>
sealed record LoginHost(ILoginDialect Dialect, LoginSettings Settings, SslServerAuthenticationOptions? Tls, AuthClient Auth,
    SupervisedChild Supervisor, ILogger Log)
{
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Cancelled when the relays of logged-in clients have to end too: the drain's deadline.</summary>
    public CancellationToken RelaysOver { get; init; }
}
