namespace Sasl.Credentials.Tests.Pam;

/// <summary>A file of the test's own in /etc/pam.d, gone afterwards: where programs look that know no other place.</summary>
sealed class SystemPamService : IDisposable
{
    public SystemPamService(params string[] lines) => File.WriteAllLines(Path, lines);

    public string Name { get; } = $"saslt{Guid.NewGuid():N}"[..16];

    string Path => $"/etc/pam.d/{Name}";

    public void Dispose() => File.Delete(Path);
}
