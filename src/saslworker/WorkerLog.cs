using Microsoft.Extensions.Logging;

namespace SaslWorker;

static partial class WorkerLog
{
    [LoggerMessage(1, LogLevel.Error, "worker          : a verification failed")]
    public static partial void Bug(this ILogger log, Exception bug);
}
