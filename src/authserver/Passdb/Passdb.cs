using Sasl.Credentials;

namespace AuthServer.Passdb;

/// <summary>One opened passdb.</summary>
/// <param name="Service">The service name to ask with, or null for that of the request.</param>
/// <param name="Knows">Whether a user exists, without a password; null where only passwords can be asked for. Blocks.</param>
sealed record Passdb(IPasswordSource Source, string? Service, Func<string, bool>? Knows)
{
    public string Driver { get; init; } = "";
}
