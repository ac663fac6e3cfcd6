using System.Net;
using AuthServer.Logins;
using Sasl.Hosting.Configuration;

namespace AuthServer.Passdb;

/// <summary>What the extra fields of a user demand, once the database has found him.</summary>
static class PassdbFields
{
    /// <summary>Takes the fields over into the login, or says why he may not log in in spite of a right password.</summary>
    public static PassdbRow Accept(PassdbEntry entry, LoginFacts login, PassdbRow row)
    {
        login.Fields.Set(row.Fields);
        login.Fields.Set(entry.Rules.OverrideFields.Select(f => (f.Name, f.Value.Expand(login))));
        // From somewhere else nobody learns that he exists.
        if (login.Fields["allow_nets"] is { } networks && !IsWithin(networks, login.Origin.Remote))
            return new(PassdbKind.Unknown, "allow_nets check failed: IP is not in allowed networks");
        if (login.Fields["nologin"] is not null)
            return new(PassdbKind.Disabled, "nologin is set");
        if (login.Fields["user"] is { Length: > 0 } user)
            login.User = user;
        return row;
    }

    /// <summary>"local" is a client without an address.</summary>
    static bool IsWithin(string networks, string? address) => networks.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries).Any(network =>
        network == "local" ? address is null
        : IPAddress.TryParse(address, out var ip) && NetworkPattern.Parse(network, demandBrackets: false, out _) is { } pattern && pattern.Contains(ip));
}
