using MailServers.Lmtp;
using MailServers.Queue.Routing;
using MailServers.Queue.Store;
using Sasl.Hosting.Unix;

namespace MailServers.Queue.Local;

/// <summary>What an alias comes to: recipients, or a reason to bounce.</summary>
sealed record Expansion(IReadOnlyList<Recipient> Recipients, string? Status = null, string Text = "");

/// <summary>Expands aliases(5): nested, with :include: and owner- aliases. Commands and files are refused: the queue has no rights to run or write them.</summary>
sealed class Aliases(TableReader table, Router router, Func<string, bool> isLocal, string delimiters)
{
    const int DeepestNesting = 100;
    const int MostRecipients = 1000;
    const long LargestInclude = 1 << 20;

    /// <summary>Null when the name is no alias. IOException: a table cannot be read; the mail waits.</summary>
    public Expansion? Expand(string localPart)
    {
        if (Find(localPart) is not var (name, _))
            return null;
        var walk = new Walk([], [], []);
        if (Visit(walk, localPart, OwnerOf(name), 0) is { } failure)
            return failure;
        return walk.Found.Count > 0 ? new(walk.Found) : new([], "5.3.5", $"alias {name} has no usable address");
    }

    sealed record Walk(List<Recipient> Found, HashSet<string> Seen, HashSet<string> Open);

    Expansion? Visit(Walk walk, string localPart, string? owner, int depth)
    {
        if (depth > DeepestNesting)
            return Loop(localPart);
        if (Find(localPart) is not var (name, value))
            return Add(walk, router.Complete(localPart), owner, mailboxOnly: true);
        // An alias that names itself means the user's mailbox.
        if (!walk.Open.Add(name))
            return depth > 0 && value.Contains(name, StringComparison.OrdinalIgnoreCase) && IsSelf(name, value) ? Add(walk, router.Complete(name), owner, true) : Loop(name);
        var failure = Items(walk, value, owner, depth);
        walk.Open.Remove(name);
        return failure;
    }

    Expansion? Items(Walk walk, string text, string? owner, int depth)
    {
        var (targets, error) = AliasTarget.Parse(text);
        if (error is not null)
            return new([], "5.3.5", $"mail system configuration error: {error}");
        foreach (var target in targets)
        {
            var failure = target.Kind switch
            {
                TargetKind.Command => new Expansion([], "5.7.1", "mail to command is restricted"),
                TargetKind.File or TargetKind.Directory => new([], "5.7.1", "mail to file is restricted"),
                TargetKind.Include => Include(walk, target.Value, owner, depth + 1),
                TargetKind.Mailbox => Add(walk, router.Complete(target.Value), owner, mailboxOnly: true),
                _ when isLocal(router.Complete(target.Value)) => Visit(walk, MailPath.LocalPart(target.Value), OwnerOf(MailPath.LocalPart(target.Value)) ?? owner, depth + 1),
                _ => Add(walk, router.Complete(target.Value), owner, mailboxOnly: false),
            };
            if (failure is not null)
                return failure;
        }
        return null;
    }

    Expansion? Include(Walk walk, string path, string? owner, int depth)
    {
        if (depth > DeepestNesting)
            return Loop(path);
        if (!walk.Seen.Add(":" + path))
            return null;
        if (Files.Status(path) is not { IsRegular: true, Size: <= LargestInclude } status || (status.Mode & 2) != 0)
            return new([], "5.3.5", "mail system configuration error");
        try
        {
            return Items(walk, File.ReadAllText(path), owner, depth);
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new IOException(denied.Message, denied);
        }
    }

    static Expansion? Add(Walk walk, string address, string? owner, bool mailboxOnly)
    {
        if (!walk.Seen.Add(address.ToLowerInvariant()))
            return null;
        if (walk.Found.Count >= MostRecipients)
            return new([], "5.3.5", "too many recipients in alias expansion");
        walk.Found.Add(new(address) { MailboxOnly = mailboxOnly, Sender = owner });
        return null;
    }

    /// <summary>The full name, then the name without its extension.</summary>
    (string Name, string Value)? Find(string localPart)
    {
        var name = localPart.ToLowerInvariant();
        if (table.Find(name) is { } value)
            return (name, value);
        var bare = UserName.Split(name, delimiters).User;
        return bare != name && table.Find(bare) is { } bareValue ? (bare, bareValue) : null;
    }

    /// <summary>owner-NAME stands in for the sender of NAME's mail: errors go to whoever keeps the list.</summary>
    string? OwnerOf(string name)
    {
        if (name.StartsWith("owner-", StringComparison.OrdinalIgnoreCase) || table.Find("owner-" + name) is not { } value)
            return null;
        return AliasTarget.Parse(value).Targets is [{ Kind: TargetKind.Address } single] ? router.Complete(single.Value) : router.Complete("owner-" + name.ToLowerInvariant());
    }

    bool IsSelf(string name, string value) => AliasTarget.Parse(value).Targets.Exists(t =>
        t.Kind == TargetKind.Address && isLocal(router.Complete(t.Value)) && MailPath.LocalPart(t.Value).Equals(name, StringComparison.OrdinalIgnoreCase));

    static Expansion Loop(string name) => new([], "5.4.6", $"alias database loop for {name}");
}
