namespace MailServers.Imap.Commands;

/// <summary>RFC 3501 §6.3.9: the subscribed names, whether or not their mailboxes exist.</summary>
static class LsubCommand
{
    public static async ValueTask<ImapReply> RunAsync(ImapSession session, ImapRequest request)
    {
        var separator = session.Store.Separator;
        if (ListPattern.Expect(request.Arguments, separator, out _, out var name) is not { } pattern)
            return ImapReply.Bad(request.Arguments.Error!);
        foreach (var (folder, subscribed) in Names(session.Store.Subscriptions(), separator, name.EndsWith('%')))
        {
            if (!pattern.Matches(folder))
                continue;
            session.Writer.Begin(subscribed ? "* LSUB () " : "* LSUB (\\Noselect) ").String(separator.ToString()).Text(" ").Mailbox(folder).End();
            await session.Writer.FlushIfFullAsync();
        }
        return ImapReply.Ok("Lsub completed.");
    }

    /// <summary>With "%" an unsubscribed parent of a subscribed name is told, as \Noselect.</summary>
    static SortedDictionary<string, bool> Names(IReadOnlyList<string> subscriptions, char separator, bool withParents)
    {
        var names = new SortedDictionary<string, bool>(StringComparer.Ordinal);
        foreach (var subscription in subscriptions)
        {
            names[subscription] = true;
            for (var end = subscription.IndexOf(separator); withParents && end > 0; end = subscription.IndexOf(separator, end + 1))
                names.TryAdd(subscription[..end], false);
        }
        return names;
    }
}
