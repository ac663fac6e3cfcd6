using System.Text;
using Sasl.Hosting.Configuration;

namespace Sasl.Credentials.Ldap;

/// <summary>The certificates and keys that the settings name: as they were handed over, else as the file system has them.</summary>
static class LdapFiles
{
    const int MostFiles = 1000, LongestFile = 4 << 20;

    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="FormatException">What is in it is no use.</exception>
    public static LdapTls Tls(Settings settings, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> files)
    {
        var named = new TlsFiles(settings.Boolean(SaslauthdConf.LdapTlsCheckPeer))
        {
            AuthorityFile = settings.Text(SaslauthdConf.LdapTlsCacertFile),
            AuthorityDirectory = settings.Text(SaslauthdConf.LdapTlsCacertDir),
            Certificate = settings.Text(SaslauthdConf.LdapTlsCert),
            Key = settings.Text(SaslauthdConf.LdapTlsKey),
        };
        return Tls(named, files);
    }

    /// <inheritdoc cref="Tls(Settings, IReadOnlyDictionary{string, ReadOnlyMemory{byte}})"/>
    public static LdapTls Tls(TlsFiles named, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> files)
    {
        string? Text(string path) => path.Length > 0 ? Read(path, files) : null;
        var (file, directory) = (Text(named.AuthorityFile), named.AuthorityDirectory);
        IEnumerable<string> all = directory.Length == 0 ? [] : Directory.EnumerateFiles(directory).Order(StringComparer.Ordinal).Take(MostFiles).Select(path => Read(path, files));
        IReadOnlyList<string>? trusted = file is null && directory.Length == 0 ? null : [.. file is null ? [] : new[] { file }, .. all];
        return new(named.Verifies, trusted, Text(named.Certificate), Text(named.Key));
    }

    static string Read(string path, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> files)
    {
        if (files.TryGetValue(path, out var given))
            return Encoding.UTF8.GetString(given.Span);
        try
        {
            return new FileInfo(path).Length <= LongestFile ? File.ReadAllText(path) : throw new IOException($"{path} is longer than {LongestFile} bytes");
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new IOException(denied.Message, denied);
        }
    }
}
