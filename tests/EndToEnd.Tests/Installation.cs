using Testing;

namespace EndToEnd.Tests;

/// <summary>What "make install" makes, in a directory of the test's own. Nothing is built: the programs are those of "make build".</summary>
public sealed class Installation : IDisposable
{
    public const string Classic = "postconf sendmail";

    readonly TemporaryDirectory _directory = new();

    public string this[string name] => _directory[name];

    /// <summary>Into a staging directory, as a packager does: DESTDIR=root PREFIX=/usr/local SYSCONFDIR=/etc.</summary>
    public Task<string> StageAsync() => RunAsync(this["root"], "/usr/local", "/etc");

    /// <summary>In place: the paths that are written into the units are those where the files lie.</summary>
    public Task<string> InPlaceAsync() => RunAsync("", this["usr"], this["etc"]);

    /// <summary>One setting of an installed unit, all its lines.</summary>
    public IReadOnlyList<string> Unit(string name, string setting) =>
        [.. File.ReadLines(this[$"usr/lib/systemd/system/{name}.service"]).Where(l => l.StartsWith(setting + "=", StringComparison.Ordinal)).Select(l => l[(setting.Length + 1)..])];

    public void Dispose() => _directory.Dispose();

    static Task<string> RunAsync(string destination, string prefix, string configuration) =>
        Run.OkAsync(Path.Combine(Binaries.Root, "scripts", "install"), Path.GetDirectoryName(Binaries.Path("mailctl"))!, destination, prefix, configuration, Classic);
}
