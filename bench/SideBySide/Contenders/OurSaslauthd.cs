using Sasl.Hosting.Unix;
using SideBySide.Processes;

namespace SideBySide.Contenders;

/// <summary>Our password daemon, on the system's shadow file when nothing else is said.</summary>
sealed class OurSaslauthd : IDisposable
{
    readonly Scratch _scratch = new();
    readonly Background _process;

    public OurSaslauthd(string binaries, string mechanism = "shadow", params string[] options)
    {
        var directory = _scratch.Folder("run", 0, Identity.IsRoot ? Accounts.Find("saslauth")!.Gid : 0, 0x1E8);
        _process = Background.Start(_scratch["log"], new Dictionary<string, string>(), Path.Combine(binaries, "saslauthd"), ["-f", "-a", mechanism, "-m", directory, .. options]);
        Patience.Until(() => _process.HasEnded || Patience.Accepts(Socket), "saslauthd listens", 1);
        if (_process.HasEnded)
            throw new BenchException($"saslauthd ended: {File.ReadAllText(_scratch["log"])}");
    }

    public string Socket => _scratch["run/mux"];

    public ProcessTree Processes => new(_process.Pid);

    public void Dispose()
    {
        _process.Dispose();
        _scratch.Dispose();
    }
}
