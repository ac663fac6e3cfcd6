using System.Net;
using Sasl.Hosting.Configuration;

namespace AuthServer.Defence;

/// <summary>The limits (docs/auth-server/defence.md); 0 switches one off.</summary>
sealed record DefenceSettings
{
    /// <summary>What a network may do more than one address of it.</summary>
    public const int NetworkFactor = 5;

    /// <summary>How far above the limits of addresses an account is let through where its owner is known to come from.</summary>
    public const int KnownFactor = 4;

    public TimeSpan Period { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Different passwords for one account from one address.</summary>
    public int Pair { get; init; } = 10;

    /// <summary>Wrong passwords from one address.</summary>
    public int Address { get; init; } = 30;

    /// <summary>Different accounts that one address fails at.</summary>
    public int Accounts { get; init; } = 15;

    /// <summary>Different passwords for one account, from wherever its owner is not known to come from.</summary>
    public int Account { get; init; } = 60;

    public IReadOnlyList<NetworkPattern> Exempt { get; init; } = [];

    /// <summary>Null when nothing shall be limited.</summary>
    public static DefenceSettings? From(Settings values) => !values.Boolean(DovecotConf.AuthLimitGuessing) ? null : new()
    {
        Period = values.Time(DovecotConf.AuthLimitPeriod) is { Ticks: > 0 } period ? period : TimeSpan.FromHours(1),
        Pair = values.Integer(DovecotConf.AuthLimitAddressUser),
        Address = values.Integer(DovecotConf.AuthLimitAddress),
        Accounts = values.Integer(DovecotConf.AuthLimitAddressUsers),
        Account = values.Integer(DovecotConf.AuthLimitUser),
        Exempt = [.. values.List(DovecotConf.AuthLimitExemptNetworks).Concat(values.List(DovecotConf.LoginTrustedNetworks))
            .Select(n => NetworkPattern.Parse(n, demandBrackets: false, out _)).OfType<NetworkPattern>()],
    };

    public bool HasSameLimits(DefenceSettings other) => this with { Exempt = [] } == other with { Exempt = [] } && Exempt.SequenceEqual(other.Exempt);

    public bool IsExempt(IPAddress address)
    {
        foreach (var network in Exempt)
        {
            if (network.Contains(address))
                return true;
        }
        return false;
    }
}
