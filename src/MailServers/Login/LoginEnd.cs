namespace MailServers.Login;

/// <summary>How a client's time at the front end ended.</summary>
enum LoginEnd
{
    /// <summary>The client closed the connection, or it broke.</summary>
    Closed,

    /// <summary>LOGOUT or QUIT.</summary>
    LoggedOut,

    /// <summary>The login timeout passed.</summary>
    TimedOut,

    TooManyBadCommands,

    /// <summary>Input that cannot be read on from.</summary>
    InputTooLong,

    /// <summary>A newer client needed the place.</summary>
    Dropped,

    ShuttingDown,

    TlsFailed,

    /// <summary>Logged in, but no worker could be given the session.</summary>
    HandOffFailed,

    /// <summary>Logged in; the session is the worker's.</summary>
    HandedOver,
}
