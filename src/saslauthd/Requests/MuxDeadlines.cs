namespace Saslauthd.Requests;

/// <summary>How long a client may take to send its whole request, and to close after the reply.</summary>
sealed record MuxDeadlines(TimeSpan Request, TimeSpan Close)
{
    /// <summary>Every client known sends its request in one write, takes some bytes and closes: seconds are an age.</summary>
    public static readonly MuxDeadlines Default = new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(5));
}
