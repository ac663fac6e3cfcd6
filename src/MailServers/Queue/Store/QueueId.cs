namespace MailServers.Queue.Store;

/// <summary>
/// Queue ids of Postfix's long shape: base-52 seconds and microseconds, 'z', a base-51 number. They sort by time, never repeat within
/// a process, and the store refuses one that a file already has, so that a clock set back cannot reuse one after a restart.
/// </summary>
sealed class QueueId(TimeProvider time)
{
    const string Digits = "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz";

    static readonly System.Buffers.SearchValues<char> _digits = System.Buffers.SearchValues.Create(Digits);

    long _last;

    public string Next()
    {
        long now, last;
        do
        {
            last = Volatile.Read(ref _last);
            now = Math.Max(time.GetUtcNow().UtcTicks / 10 - DateTimeOffset.UnixEpoch.Ticks / 10, last + 1);
        }
        while (Interlocked.CompareExchange(ref _last, now, last) != last);
        Span<char> id = stackalloc char[14];
        Write(id[..6], now / 1_000_000, 52);
        Write(id[6..10], now % 1_000_000, 52);
        id[10] = 'z';
        // 'z' is the 52nd digit: a base-51 tail cannot hold it.
        Write(id[11..], Environment.ProcessId % (51 * 51 * 51), 51);
        return id.ToString();
    }

    /// <summary>Whether a file's name can be one of ours: letters and digits only, so that it is safe in a path and a log line.</summary>
    public static bool IsOne(ReadOnlySpan<char> name) => name.Length is >= 12 and <= 20 && name.IndexOfAnyExcept(_digits) < 0;

    static void Write(Span<char> target, long value, int radix)
    {
        for (var i = target.Length - 1; i >= 0; i--)
        {
            target[i] = Digits[(int)(value % radix)];
            value /= radix;
        }
    }
}
