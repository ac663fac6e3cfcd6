namespace Sasl.Credentials;

/// <summary>The files of TLS that settings name; "" for none.</summary>
/// <param name="Verifies">The server's certificate and its name are checked.</param>
public sealed record TlsFiles(bool Verifies)
{
    /// <summary>Authorities in PEM; with no file and no directory the system's are trusted.</summary>
    public string AuthorityFile { get; init; } = "";

    public string AuthorityDirectory { get; init; } = "";

    /// <summary>Our own certificate.</summary>
    public string Certificate { get; init; } = "";

    /// <summary>Its key; "" when it is in the same file.</summary>
    public string Key { get; init; } = "";
}
