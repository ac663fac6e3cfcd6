using System.Net;
using Sasl.Hosting.Configuration;
using Sasl.Mechanisms;

namespace Sasl.Credentials.Sources;

/// <summary>One app password of a user: what it may be used for, never what it is. Its secrets are SCRAM's, which a plain password is compared with too.</summary>
/// <param name="Name">For people: "phone".</param>
public sealed record AppPassword(string User, string Name)
{
    /// <summary>imap, smtp, …; empty: every service.</summary>
    public IReadOnlyList<string> Services { get; init; } = [];

    /// <summary>From where; empty: from everywhere.</summary>
    public IReadOnlyList<string> Networks { get; init; } = [];

    public DateTimeOffset Created { get; init; }

    /// <summary>Null: it does not end.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>To a minute or so. Null: never.</summary>
    public DateTimeOffset? Used { get; init; }

    /// <summary>One for each hash, of one password.</summary>
    public IReadOnlyList<ScramSecret> Secrets { get; init; } = [];

    public ScramSecret? SecretOf(ScramHash hash) => Secrets.FirstOrDefault(s => s.Hash == hash);

    /// <summary>It may be used for this now. Submission is smtp, as everywhere.</summary>
    public bool IsFor(string service, string? address, DateTimeOffset now) =>
        (Expires is not { } end || now < end)
        && (Services.Count == 0 || Services.Any(s => Same(s) == Same(service)))
        && (Networks.Count == 0 || (IPAddress.TryParse(address, out var ip) && Networks.Any(n => NetworkPattern.Parse(n, demandBrackets: false, out _) is { } network && network.Contains(ip))));

    /// <summary>Never the secrets.</summary>
    public override string ToString() => $"{User} {Name}";

    static string Same(string service) => service.ToLowerInvariant() switch { "submission" or "submissions" or "smtps" => "smtp", "imaps" => "imap", "pop3s" or "pop" => "pop3", var other => other };
}

/// <summary>All that the store knows of a user.</summary>
/// <param name="IsMainOff">His own password is not to be taken.</param>
public sealed record AppPasswordUser(IReadOnlyList<AppPassword> Passwords, bool IsMainOff)
{
    public static AppPasswordUser None { get; } = new([], false);
}
