using System.Text;
using AuthServer.Defence;
using AuthServer.Logins;
using Microsoft.Extensions.Logging.Abstractions;
using Sasl.Mechanisms;

namespace AuthServer.Tests.Defence;

/// <summary>Logins as the guard sees them, on a clock of the test's own; whether a password is right the test says.</summary>
sealed class Guesser(DefenceSettings? settings = null)
{
    public static readonly byte[] Key = [.. Enumerable.Range(0, Fingerprints.KeySize).Select(i => (byte)i)];

    int _guesses;

    public FrozenTime Time { get; } = new();

    public LoginDefence Defence => field ??= new(settings ?? new(), Key, NullLogger.Instance, Time);

    public static LoginFacts Login(string user, string? from, string mechanism = "PLAIN", params string[] parameters) =>
        new(user, user, new("imap", from, null) { Mechanism = mechanism, Parameters = parameters });

    /// <summary>Null when it was let to its password.</summary>
    public ValueTask<string?> AdmitAsync(LoginFacts login, string? password) => Defence.AdmitAsync(login, Encoding.UTF8.GetBytes(password ?? ""), default);

    public void End(LoginFacts login, FailureKind? failure) => Defence.Decided(new(login, login.Origin, login.User, failure, "", TimeSpan.Zero) { Reservation = login.Reservation });

    /// <summary>A login from beginning to end; true when it was let to its password.</summary>
    public async Task<bool> TryAsync(string user, string? from, string? password, FailureKind? end = FailureKind.BadCredentials, string mechanism = "PLAIN", params string[] parameters)
    {
        var login = Login(user, from, mechanism, parameters);
        var isAdmitted = await AdmitAsync(login, password) is null;
        End(login, isAdmitted ? end : FailureKind.BadCredentials);
        return isAdmitted;
    }

    /// <summary>How many of so many different wrong passwords are let through.</summary>
    public async Task<int> GuessAsync(int count, string user, string? from, string mechanism = "PLAIN")
    {
        var admitted = 0;
        for (var i = 0; i < count; i++)
            admitted += await TryAsync(user, from, mechanism == "PLAIN" ? $"guess {_guesses++}" : null, mechanism: mechanism) ? 1 : 0;
        return admitted;
    }
}

/// <summary>A clock that stands still until it is moved; who waits for a time has waited for it at once.</summary>
sealed class FrozenTime : TimeProvider
{
    long _ticks = DateTimeOffset.UnixEpoch.AddYears(56).Ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Volatile.Read(ref _ticks);

    public override DateTimeOffset GetUtcNow() => new(Volatile.Read(ref _ticks), TimeSpan.Zero);

    public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime >= TimeSpan.Zero)
        {
            Advance(dueTime);
            return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
        return System.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
