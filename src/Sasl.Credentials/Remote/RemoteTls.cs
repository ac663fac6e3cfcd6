namespace Sasl.Credentials.Remote;

/// <summary>When a connection becomes TLS.</summary>
enum RemoteTls
{
    Never,

    /// <summary>By STARTTLS where the server offers it: whoever sits in the middle can take the offer away.</summary>
    IfOffered,

    /// <summary>By STARTTLS, or nothing is asked.</summary>
    StartTls,

    /// <summary>From the first byte.</summary>
    Implicit,
}
