using Sasl.Credentials.Native;
using Sasl.Credentials.Schemes;

namespace Sasl.Credentials;

/// <summary>
/// What an unknown user is hashed against, so that the time of the answer does not tell who exists: the kind and cost that most of the
/// stored passwords have. Users of another kind than most can still be told from nobody; a store of one kind gives nothing away.
/// </summary>
/// <param name="stored">The stored texts, with or without a scheme in braces, a sample of them when there are very many; null when nobody can tell.</param>
/// <param name="state">Changes when <paramref name="stored"/> may give something else.</param>
public sealed class DummyHash(Func<IEnumerable<string>>? stored = null, Func<SourceState>? state = null)
{
    /// <summary>What libcrypt makes for new users; made once, since that costs a hash.</summary>
    static readonly Lazy<string> _usual = new(() => CryptSetting.Of(Crypt.Hash("nobody's password"u8, prefix: null) ?? ""));

    readonly Lock _gate = new();
    SourceState? _seen;
    string _setting = "";
    int _spent;

    /// <summary>How often time was spent on it.</summary>
    public int Spent => Volatile.Read(ref _spent);

    /// <summary>Where there is nothing to go by: what libcrypt makes for new users.</summary>
    public static string Usual => _usual.Value;

    /// <summary>The setting in use: kind, cost and a salt, never a hash. Empty where most are stored as they are.</summary>
    public string Setting
    {
        get
        {
            var now = state?.Invoke() ?? default;
            lock (_gate)
            {
                if (_seen != now)
                    (_seen, _setting) = (now, MostFrequent(stored?.Invoke() ?? []) ?? Usual);
                return _setting;
            }
        }
    }

    /// <summary>Takes the time of a verification; the result is worth nothing, because a setting is no hash.</summary>
    public void Spend(ReadOnlySpan<byte> password)
    {
        Interlocked.Increment(ref _spent);
        Spend(password, Setting);
    }

    /// <summary>The same with a setting of <see cref="PasswordScheme.SettingOf"/>.</summary>
    public static void Spend(ReadOnlySpan<byte> password, string setting)
    {
        if (setting.Length > 0)
            _ = PasswordScheme.Matches(password, setting);
    }

    /// <summary>One setting of the kind and cost that most have; null when there is none to go by. What is locked says nothing.</summary>
    static string? MostFrequent(IEnumerable<string> stored) => stored
        .Select(StoredForm.Read)
        .Where(form => form.Problem is null && form.Text is not ['!' or '*', ..])
        .Select(form => form.Scheme!.Cost(form))
        .GroupBy(cost => cost.Kind ?? "", StringComparer.Ordinal)
        .MaxBy(group => group.Count())?.First() is { } most ? most.Setting ?? "" : null;
}
