using System.Net.Security;

namespace Sasl.Credentials.Remote;

/// <summary>The server that is asked, and how.</summary>
/// <param name="Mechanism">The word of -a, for the log.</param>
/// <param name="Host">As the administrator wrote it: the name that the certificate must have.</param>
/// <param name="Trust">For TLS.</param>
/// <param name="Timeout">For one question, from the connection to the verdict.</param>
sealed record RemoteServer(string Mechanism, string Host, int Port, RemoteTls Tls, SslClientAuthenticationOptions Trust, TimeSpan Timeout)
{
    /// <summary>Passwords may go to another machine without TLS.</summary>
    public bool AllowsPlaintext { get; init; }

    /// <summary>The setting to change, for the log's warning.</summary>
    public string PlaintextSetting { get; init; } = "remote_plaintext";

    public override string ToString() => $"{Host}/{Port}";
}
