// Invariants of this file:
//  * What a passdb said of a user whom it does not let in is gone: it reaches neither the next passdb nor the answer (CVE-2022-30550).
//  * A restriction that cannot be understood restricts everybody.
using System.Net;
using AuthServer.Logins;
using Sasl.Hosting.Configuration;

namespace AuthServer.Passdb;

/// <summary>What the extra fields of a user demand, once the database has found him.</summary>
static class PassdbFields
{
    /// <summary>Of who is refused too: how long he waits for it.</summary>
    static readonly string[] _delays = ["nodelay", LoginDelay.Field];

    /// <summary>They rename the user and are no fields of the answer.</summary>
    static readonly string[] _names = ["user", "username", "domain", "login_user"];

    /// <summary>Takes the fields over into the login, or says why he may not log in in spite of a right password.</summary>
    public static PassdbRow Accept(PassdbEntry entry, LoginFacts login, PassdbRow row)
    {
        var rules = entry.Rules;
        if (row.Fields.Count == 0 && rules.DefaultFields.Count == 0 && rules.OverrideFields.Count == 0)
            return row;
        var (before, user, master) = (login.Fields.Copy(), login.User, login.MasterUser);
        Take(entry, login, row);
        var verdict = Judge(login, row);
        if (verdict.Kind == PassdbKind.Found)
            return row;
        (login.User, login.MasterUser) = (user, master);
        // Of an account that is closed its owner is told why and where to go; nobody else is asked after that.
        if (verdict.Kind != PassdbKind.Disabled)
            Restore(login, before);
        return verdict;
    }

    /// <summary>Only the fields: they are stored for whoever lets him in (noauthenticate).</summary>
    public static void Store(PassdbEntry entry, LoginFacts login, PassdbRow row)
    {
        Take(entry, login, row);
        login.Fields.Set("noauthenticate:remove", "");
    }

    /// <summary>Of a user whose password was wrong.</summary>
    public static void Refuse(LoginFacts login, PassdbRow row)
    {
        foreach (var name in _delays)
        {
            if (row[name] is { } value)
                login.Fields.Set(name, value);
        }
    }

    static void Take(PassdbEntry entry, LoginFacts login, PassdbRow row)
    {
        foreach (var (name, value) in row.Fields)
            Set(entry, login, name, value);
        foreach (var (name, value) in entry.Rules.DefaultFields)
        {
            if (!_names.Contains(name) || row[name] is null)
                Set(entry, login, _names.Contains(name) ? name : name + ":default", value.Expand(login));
        }
        foreach (var (name, value) in entry.Rules.OverrideFields)
            Set(entry, login, name, value.Expand(login));
    }

    static void Set(PassdbEntry entry, LoginFacts login, string name, string value)
    {
        switch (name)
        {
            case "user" or "username" or "domain" or "login_user" when value.Length == 0:
                break;
            case "user":
                login.User = value;
                break;
            // Like user, but the domain stays, unless he has another in it.
            case "username":
                login.User = value.Contains('@') || LoginVariables.Domain(login.User) is not { Length: > 0 } domain ? value : $"{value}@{domain}";
                break;
            case "domain":
                login.User = $"{LoginVariables.Local(login.User)}@{value}";
                break;
            case "login_user" when !entry.Rules.IsMaster:
                login.MasterUser ??= login.User;
                login.User = value;
                break;
            default:
                login.Fields.Set(name, value);
                break;
        }
    }

    static PassdbRow Judge(LoginFacts login, PassdbRow row)
    {
        if (UserNames.HasControls(login.User))
            return PassdbRow.Failed("the database gives a user name with a control character");
        if (login.Fields[LoginDelay.Field] is { } until && !LoginDelay.IsValid(until))
            return PassdbRow.Failed("delay_until: not a UNIX time");
        // From somewhere else nobody learns that he exists.
        if (login.Fields["allow_nets"] is { } networks && !IsWithin(networks, login.Origin.Remote))
            return new(PassdbKind.Unknown, "allow_nets check failed: IP is not in allowed networks");
        if (login.Fields["allow_real_nets"] is { } real && !IsWithin(real, login.Origin["real_rip"] ?? login.Origin.Remote))
            return new(PassdbKind.Unknown, "allow_real_nets check failed: IP is not in allowed networks");
        if (login.Fields["fail"] is not null)
            return new(PassdbKind.Mismatch, "the field fail is set");
        if (login.Fields["nologin"] is not null)
            return new(PassdbKind.Disabled, "nologin is set");
        return row;
    }

    static void Restore(LoginFacts login, IReadOnlyList<(string Name, string Value)> before)
    {
        var keeps = new List<(string, string)>();
        foreach (var name in _delays)
        {
            if (login.Fields[name] is { } value)
                keeps.Add((name, value));
        }
        login.Fields.Clear();
        login.Fields.Set(before);
        login.Fields.Set(keeps);
    }

    /// <summary>"local" is a client without an address.</summary>
    static bool IsWithin(string networks, string? address) => networks.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries).Any(network =>
        network == "local" ? address is null
        : IPAddress.TryParse(address, out var ip) && NetworkPattern.Parse(network, demandBrackets: false, out _) is { } pattern && pattern.Contains(ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip));
}
