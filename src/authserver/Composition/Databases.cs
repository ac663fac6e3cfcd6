using AuthServer.Passdb;
using AuthServer.Userdb;
using AuthServer.Users;
using Microsoft.Extensions.Logging;
using Sasl.Credentials;
using Sasl.Hosting.Configuration;
using Sasl.Mechanisms;
using Sasl.Protocols.DovecotAuth;

namespace AuthServer.Composition;

/// <summary>From the settings to opened databases; everything that is wrong is told at once.</summary>
sealed class Databases : IDisposable
{
    // Hashing keeps a core busy; look-ups only wait. Neither may hold up the other.
    readonly HashWorkers _hashing = new(), _lookups = new(threads: 4);

    /// <summary>The shared state of a server with these settings, or null and the problems.</summary>
    public AuthHost? Open(AuthServerSettings settings, ILogger log, TimeProvider time, List<string> problems)
    {
        Check(settings, problems);
        var passdbs = new List<Passdb.Passdb>();
        foreach (var (driver, arguments) in settings.Passdbs)
        {
            if (PassdbTable.Open(driver, new(arguments, _hashing)) is { } passdb)
                passdbs.Add(passdb);
            else
                problems.Add(Unknown("passdb driver", driver, PassdbTable.Names));
        }
        var known = passdbs.ConvertAll(p => p.Knows);
        var userdbs = new List<IUserdb>();
        foreach (var (driver, arguments) in settings.Userdbs)
        {
            if (UserdbTable.Open(driver, new(arguments, known, _lookups), out var problem) is { } userdb)
                userdbs.Add(userdb);
            else
                problems.Add(problem.Length > 0 ? $"userdb {driver}: {problem}" : Unknown("userdb driver", driver, UserdbTable.Names));
        }
        return problems.Count > 0 ? null : new(settings, new(passdbs, log, settings.IsVerbose), new(userdbs, log), log, time);
    }

    public void Dispose()
    {
        _hashing.Dispose();
        _lookups.Dispose();
    }

    static void Check(AuthServerSettings settings, List<string> problems)
    {
        foreach (var name in settings.Mechanisms.Where(m => !CanServe(SaslMechanisms.Find(m))))
            problems.Add(Unknown("mechanism in auth_mechanisms", name, SaslMechanisms.All.Where(CanServe).Select(m => m.Name.ToLowerInvariant())));
        if (settings.Mechanisms.Count == 0)
            problems.Add("auth_mechanisms is empty");
        if (settings.Passdbs.Count == 0)
            problems.Add("there is no passdb: nobody could log in");
        if (UserVariables.FindUnknown(settings.UsernameFormat) is { } unknown)
            problems.Add($"auth_username_format: unknown variable {unknown}");
    }

    /// <summary>The sources verify passwords; none of them has secrets or tokens for the other mechanisms yet.</summary>
    static bool CanServe(SaslMechanism? mechanism) => mechanism is { Need: ClientNeed.Password } && mechanism.Flags.HasFlag(MechanismFlags.Plaintext);

    static string Unknown(string what, string name, IEnumerable<string> known) =>
        $"unknown {what} \"{name}\"" + (NearMiss.Find(name.ToLowerInvariant(), known) is { } near ? $" (did you mean \"{near}\"?)" : $" (known: {string.Join(' ', known)})");
}
