using System.Text;
using Sasl.Mechanisms;

namespace Interop.Tests.Peers;

/// <summary>What a client is told.</summary>
/// <param name="Mechanism">Its only one.</param>
sealed record Login(string Mechanism)
{
    /// <summary>Alice's, with every peer that keeps passwords.</summary>
    public const string Right = "pencil";

    public string User { get; init; } = "alice";

    public string Password { get; init; } = Right;

    /// <summary>As whom to act; empty for oneself.</summary>
    public string As { get; init; } = "";

    /// <summary>The first message goes with the mechanism's name, where the mechanism allows that.</summary>
    public bool Initial { get; init; } = true;

    /// <summary>A server sends its last data with its yes, where it can be told to.</summary>
    public bool SuccessData { get; init; }

    /// <summary>What the peer sees of the channel, where it has to be told; null for nothing.</summary>
    public (string Type, byte[] Data)? Binding { get; init; }

    public string Token { get; init; } = "";

    /// <summary>Kerberos, with alice's tickets on the client's side or the service's keys on the server's; null: without.</summary>
    public KerberosPlace? Kerberos { get; init; }

    /// <summary>Least and greatest strength of the security layer that the peer is told.</summary>
    public (int Least, int Most) Layer { get; init; }

    public ClientCredentials Credentials => new(User, As, Encoding.UTF8.GetBytes(Password))
    {
        Token = Encoding.UTF8.GetBytes(Token), UseKerberos = Kerberos is not null, TicketCache = Kerberos?.Tickets,
    };
}
