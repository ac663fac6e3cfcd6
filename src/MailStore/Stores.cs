using MailStore.Maildir;
using MailStore.Mbox;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MailStore;

/// <summary>Opens a user's mail, creating what is missing. One store per user and process; dispose it when the user is gone.</summary>
public static class Stores
{
    public static IStore Open(MailLocation location, TimeProvider? time = null, ILogger? log = null) => location.Format switch
    {
        MailFormat.Maildir => new MaildirStore(location.Root, time ?? TimeProvider.System, log ?? NullLogger.Instance),
        MailFormat.Mbox => new MboxStore(location, time ?? TimeProvider.System),
        _ => throw new ArgumentOutOfRangeException(nameof(location)),
    };
}
