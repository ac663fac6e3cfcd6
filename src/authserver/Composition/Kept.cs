using System.Security.Cryptography;
using AuthServer.AppPasswords;
using AuthServer.Audit;
using AuthServer.Client;
using AuthServer.Defence;
using AuthServer.Logins;
using Microsoft.Extensions.Logging;
using Sasl.Credentials;
using Sasl.Hosting.Configuration;
using Sasl.Protocols.DovecotAuth;

namespace AuthServer.Composition;

/// <summary>What is the process's, and stays when its settings change: its clients, what is counted of them, what is written down, and the app passwords.</summary>
sealed class Kept : IDisposable
{
    // Threads of its own: those of the databases end with their settings.
    readonly HashWorkers _disk = new(threads: 2), _hashing = new();
    readonly DefenceKeeper? _defence;
    readonly string? _directory;

    /// <param name="settings">The first ones. auth_state_dir stays as they have it.</param>
    public Kept(AuthServerSettings settings, ILogger log, TimeProvider time)
    {
        _directory = settings.StateDirectory;
        Defence = new(DefenceSettings.From(settings.Values) ?? new(), RandomNumberGenerator.GetBytes(Fingerprints.KeySize), log, time);
        if (_directory is null)
            return;
        _defence = new(Defence, _directory, _disk, log, time);
        Audit = new(_disk, log, time);
        var store = new Sasl.Credentials.Sources.AppPasswords(Path.Combine(_directory, Sasl.Credentials.Sources.AppPasswords.FileName));
        Apps = new(store, _disk, _hashing, log, time);
        Keeping = new([_defence, Audit, Apps]);
        Use(settings);
    }

    public ClientRegistry Clients { get; } = new();

    public LoginDefence Defence { get; }

    /// <summary>Null, as the app passwords are, when nothing is kept.</summary>
    public AuditTrail? Audit { get; }

    public AppPasswordBook? Apps { get; }

    /// <summary>What is kept in auth_state_dir.</summary>
    public Keeping Keeping { get; } = new([]);

    /// <summary>Other settings, for every login from now on.</summary>
    public void Use(AuthServerSettings settings)
    {
        if (DefenceSettings.From(settings.Values) is { } limits)
            Defence.Use(limits);
        Audit?.Use(settings.Values.Text(DovecotConf.AuthAuditLog) is { Length: > 0 } path ? new(Path.Combine(_directory!, path), _directory!, settings.Values.Size(DovecotConf.AuthAuditLogSize)) : null);
        if (Apps is not null)
            Apps.IsOnly = settings.Values.Boolean(DovecotConf.AuthAppPasswordsOnly);
    }

    /// <summary>Those that see each login under these settings.</summary>
    public IReadOnlyList<ILoginGuard> Guards(AuthServerSettings settings) =>
    [
        .. DefenceSettings.From(settings.Values) is null ? Array.Empty<ILoginGuard>() : [Defence],
        .. Audit is null ? Array.Empty<ILoginGuard>() : [Audit],
    ];

    public void Dispose()
    {
        _disk.Dispose();
        _hashing.Dispose();
        _defence?.Dispose();
        Audit?.Dispose();
    }
}
