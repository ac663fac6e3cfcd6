namespace MailServers.Pop3;

/// <summary>What a session did, for its last log line (pop3_logout_format).</summary>
sealed class Pop3Counters
{
    public int Tops { get; set; }

    public long TopBytes { get; set; }

    public int Retrievals { get; set; }

    public long RetrievedBytes { get; set; }

    /// <summary>Really removed, at QUIT.</summary>
    public int Deleted { get; set; }

    public int Messages { get; set; }

    public long Size { get; set; }

    public override string ToString() => $"top={Tops}/{TopBytes}, retr={Retrievals}/{RetrievedBytes}, del={Deleted}/{Messages}, size={Size}";
}
