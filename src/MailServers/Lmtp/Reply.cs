namespace MailServers.Lmtp;

/// <summary>One reply of an SMTP or LMTP dialogue: code, enhanced status (RFC 3463, may be empty) and text.</summary>
readonly record struct Reply(int Code, string Status, string Text)
{
    public static Reply Ok => new(250, "2.0.0", "Ok");

    public static Reply StorageFull => new(452, "4.3.1", "Insufficient system storage");

    public bool IsPositive => Code is >= 200 and < 400;

    public bool IsTransient => Code is >= 400 and < 500;

    /// <summary>The enhanced status, or the one that the code alone implies.</summary>
    public string StatusOrDefault => Status.Length > 0 ? Status : $"{Code / 100}.0.0";

    /// <summary>What a client is told when the disk fails while its mail is taken (RFC 5321 §4.2.3).</summary>
    public static Reply From(IOException failure) => failure.HResult is 28 or 122 || failure is Sasl.Hosting.Unix.UnixException { Error: 28 or 122 }
        ? StorageFull
        : new(451, "4.3.0", "Error: queue file write error");

    public override string ToString() => Status.Length > 0 ? $"{Code} {Status} {Text}" : $"{Code} {Text}";
}
