using System.Globalization;

namespace MailStore.Maildir;

/// <summary>Makes file names that no other process makes: seconds, microseconds, process, a counter, host.</summary>
sealed class UniqueName(TimeProvider time)
{
    static int _counter;

    // maildir(5): a slash and a colon cannot stand in a name; the comma would begin a size field.
    readonly string _host = Environment.MachineName.Replace("/", "\\057").Replace(":", "\\072").Replace(",", "\\054");

    public string Next()
    {
        var now = time.GetUtcNow();
        var micros = now.Ticks / 10 % 1_000_000;
        return string.Create(CultureInfo.InvariantCulture,
            $"{now.ToUnixTimeSeconds()}.M{micros}P{Environment.ProcessId}Q{Interlocked.Increment(ref _counter)}.{_host}");
    }
}
