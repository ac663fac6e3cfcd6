using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Sasl.Hosting.Unix;
using Testing;

namespace EndToEnd.Tests;

/// <summary>
/// An installation on a machine with nothing else on it: private namespaces with empty /run, /var/lib, /var/spool and /var/mail, and with every
/// port free. Services are started as their units say, with the capabilities that the units leave them.
/// </summary>
public sealed class FreshMachine : IAsyncDisposable
{
    static readonly TimeSpan _patience = TimeSpan.FromSeconds(90);

    readonly List<Process> _services = [];
    Process? _holder;

    public Installation Installation { get; } = new();

    public string Log => string.Concat(new[] { "saslauthd.log", "mailsupervisor.log", "authserver.log" }.Select(n => Installation[n]).Where(File.Exists).Select(File.ReadAllText));

    public async Task BootAsync()
    {
        await Installation.InPlaceAsync();
        Files.ChangeMode(Installation["."], 0x1ED);
        const string Mounts = "for d in /run /var/lib /var/spool /var/mail; do mount -t tmpfs none $d || exit 1; done; ip link set lo up && echo ready && exec sleep infinity";
        _holder = Process.Start(new ProcessStartInfo("unshare", ["-m", "-n", "sh", "-c", Mounts]) { RedirectStandardOutput = true })!;
        Assert.Equal("ready", await _holder.StandardOutput.ReadLineAsync().WaitAsync(_patience));
    }

    /// <summary>Starts what the unit's ExecStart says and waits for its READY=1, as the service manager does.</summary>
    public async Task<Process> StartAsync(string unit)
    {
        var path = Installation[unit + ".notify"];
        using var notify = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        notify.Bind(new UnixDomainSocketEndPoint(path));
        // As systemd's own: whoever a service has become may tell.
        Files.ChangeMode(path, 0x1FF);
        var capabilities = string.Join(',', Assert.Single(Installation.Unit(unit, "CapabilityBoundingSet")).Split(' ').Select(c => "+" + c["CAP_".Length..].ToLowerInvariant()));
        var environment = string.Concat(Installation.Unit(unit, "Environment").Concat(Installation.Unit(unit, "EnvironmentFile").Select(f => f.TrimStart('-')).Where(File.Exists).SelectMany(File.ReadLines))
            .SelectMany(l => l.Contains('#') ? [] : l.Split(' ')).Where(l => l.Contains('=')).Select(v => v + "\n"));
        var script = $"{environment}exec setpriv --no-new-privs --bounding-set=-all,{capabilities} {Assert.Single(Installation.Unit(unit, "ExecStart"))} >>{Installation[unit + ".log"]} 2>&1 </dev/null";
        var start = new ProcessStartInfo("nsenter", Enter("sh", "-c", script));
        start.Environment["NOTIFY_SOCKET"] = path;
        var service = Process.Start(start)!;
        _services.Add(service);
        var buffer = new byte[256];
        var said = notify.ReceiveAsync(buffer).WaitAsync(_patience);
        var ended = service.WaitForExitAsync();
        Assert.True(await Task.WhenAny(said, ended) == said && !said.IsFaulted, $"{unit} ended before it was ready, or never was\n{Log}");
        Assert.StartsWith("READY=1", Encoding.ASCII.GetString(buffer, 0, await said));
        return service;
    }

    /// <summary>Runs a command on that machine.</summary>
    public Task<Ran> RunAsync(string? input, string program, params string[] arguments) => Run.WithInputAsync(input, "nsenter", Enter([program, .. arguments]));

    /// <summary>Stops the services, the last one first.</summary>
    public async Task ShutDownAsync()
    {
        foreach (var service in Enumerable.Reverse(_services))
        {
            if (!service.HasExited)
                TestHouse.Signal(service.Id, "TERM");
            await service.WaitForExitAsync().WaitAsync(_patience);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await ShutDownAsync();
        _services.ForEach(s => s.Dispose());
        _holder?.Kill();
        _holder?.Dispose();
        Installation.Dispose();
    }

    string[] Enter(params string[] command) => ["-t", _holder!.Id.ToString(), "-m", "-n", .. command];
}
