using Sasl.Hosting.Unix;

namespace SideBySide;

/// <summary>A contender's directory, passable for every identity, gone afterwards.</summary>
sealed class Scratch : IDisposable
{
    public Scratch()
    {
        Path = Directory.CreateTempSubdirectory("bench-").FullName;
        Files.ChangeMode(Path, 0x1ED);
    }

    public string Path { get; }

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public string Folder(string name, uint uid = 0, uint gid = 0, uint mode = 0x1ED)
    {
        Directory.CreateDirectory(this[name]);
        Files.ChangeMode(this[name], mode);
        if (Identity.IsRoot)
            Files.ChangeOwner(this[name], uid, gid);
        return this[name];
    }

    public void Write(string name, string text) => File.WriteAllText(this[name], text + "\n");

    public void Dispose()
    {
        if (Environment.GetEnvironmentVariable("BENCH_KEEP") != "1")
            Directory.Delete(Path, recursive: true);
    }
}
