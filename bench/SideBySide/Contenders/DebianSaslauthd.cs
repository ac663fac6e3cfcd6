using SideBySide.Processes;

namespace SideBySide.Contenders;

/// <summary>Debian's saslauthd with its five processes, as its init script starts it.</summary>
sealed class DebianSaslauthd : IDisposable
{
    public const string Program = "/usr/sbin/saslauthd";

    readonly Scratch _scratch = new();
    readonly int _pid;

    public DebianSaslauthd(string mechanism = "shadow", params string[] options)
    {
        var directory = _scratch.Folder("run");
        Background.Run(Program, ["-a", mechanism, "-n", "5", "-m", directory, .. options]);
        Patience.Until(() => Patience.Accepts(Socket), "Debian's saslauthd listens", 1);
        _pid = int.Parse(File.ReadAllText(_scratch["run/saslauthd.pid"]));
    }

    public string Socket => _scratch["run/mux"];

    public ProcessTree Processes => new(_pid);

    public void Dispose()
    {
        Background.Signal("TERM", _pid.ToString());
        Patience.Until(() => ProcessReading.Of(_pid) is null, "Debian's saslauthd ends");
        _scratch.Dispose();
    }
}
