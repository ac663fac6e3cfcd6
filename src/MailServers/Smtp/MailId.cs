namespace MailServers.Smtp;

/// <summary>Ids of mails under way: time in base 52 without vowels, so that they sort and spell nothing; never twice in a process.</summary>
sealed class MailId(TimeProvider time)
{
    const string Digits = "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz";

    long _last;

    public string Next()
    {
        var now = time.GetUtcNow().UtcTicks / 10;
        long last, next;
        do
        {
            last = Volatile.Read(ref _last);
            next = Math.Max(now, last + 1);
        }
        while (Interlocked.CompareExchange(ref _last, next, last) != last);
        return string.Create(10, next, static (span, value) =>
        {
            for (var i = span.Length - 1; i >= 0; i--, value /= Digits.Length)
                span[i] = Digits[(int)(value % Digits.Length)];
        });
    }
}
