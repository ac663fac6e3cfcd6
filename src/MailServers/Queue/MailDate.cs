using System.Globalization;

namespace MailServers.Queue;

/// <summary>The date-time of RFC 5322 §3.3, in UTC as a daemon's clock has it.</summary>
static class MailDate
{
    public static string Format(DateTimeOffset time) =>
        time.ToUniversalTime().ToString("ddd, d MMM yyyy HH:mm:ss '+0000 (UTC)'", CultureInfo.InvariantCulture);
}
