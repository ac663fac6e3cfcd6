using MailStore.Maildir;
using MailStore.Mbox;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sasl.Hosting.Unix;

namespace MailStore;

/// <summary>Opens a user's mail, creating what is missing. One store per user and process; dispose it when the user is gone.</summary>
public static class Stores
{
    /// <param name="changes">Tells of what other programs do; shared by the stores of a process that has many. Null: one of the store's own.</param>
    public static IStore Open(MailLocation location, TimeProvider? time = null, ILogger? log = null, Inotify? changes = null) => location.Format switch
    {
        MailFormat.Maildir => new MaildirStore(location.Root, time ?? TimeProvider.System, log ?? NullLogger.Instance, changes),
        MailFormat.Mbox => new MboxStore(location, time ?? TimeProvider.System),
        _ => throw new ArgumentOutOfRangeException(nameof(location)),
    };
}
