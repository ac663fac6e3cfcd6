namespace MailServers.Queue.Schedule;

/// <summary>When a message is tried again: it waits as long as it is old, between the two bounds (Postfix's rule).</summary>
static class BackOff
{
    public static DateTimeOffset Next(DateTimeOffset now, DateTimeOffset arrived, TimeSpan minimum, TimeSpan maximum)
    {
        var wait = now - arrived;
        if (wait > maximum)
            wait = maximum;
        return now + (wait < minimum ? minimum : wait);
    }
}
