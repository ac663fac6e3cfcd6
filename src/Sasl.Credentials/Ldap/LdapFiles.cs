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
        string? Text(Setting setting) => settings.Text(setting) is { Length: > 0 } path ? Read(path, files) : null;
        var (file, directory) = (Text(SaslauthdConf.LdapTlsCacertFile), settings.Text(SaslauthdConf.LdapTlsCacertDir));
        IEnumerable<string> all = directory.Length == 0 ? [] : Directory.EnumerateFiles(directory).Order(StringComparer.Ordinal).Take(MostFiles).Select(path => Read(path, files));
        IReadOnlyList<string>? trusted = file is null && directory.Length == 0 ? null : [.. file is null ? [] : new[] { file }, .. all];
        return new(settings.Boolean(SaslauthdConf.LdapTlsCheckPeer), trusted, Text(SaslauthdConf.LdapTlsCert), Text(SaslauthdConf.LdapTlsKey));
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
