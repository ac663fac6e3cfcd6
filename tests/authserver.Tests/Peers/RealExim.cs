using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Sasl.Hosting.Unix;
using Testing;

namespace AuthServer.Tests.Peers;

/// <summary>Exim as a daemon on a port, with a dovecot authenticator for each mechanism.</summary>
sealed class RealExim : IAsyncDisposable
{
    public const string Program = "artifacts/peers/usr/sbin/exim4";

    readonly TemporaryDirectory _directory = new();
    readonly StringBuilder _log = new();
    readonly Process _process;

    RealExim(string authenticators)
    {
        File.SetUnixFileMode(_directory.Path, (UnixFileMode)0x1ED);
        Directory.CreateDirectory(_directory["spool"]);
        File.SetUnixFileMode(_directory["spool"], (UnixFileMode)0x1FF);
        File.WriteAllText(_directory["exim.conf"], $"""
            keep_environment =
            primary_hostname = test.example
            spool_directory = {_directory["spool"]}
            log_file_path = {_directory["spool/%slog"]}
            local_interfaces = 127.0.0.1
            daemon_smtp_ports = {Port}
            acl_smtp_auth = accept
            auth_advertise_hosts = *
            smtp_accept_max_nonmail = 1000
            {authenticators}
            """);
        Files.ChangeMode(_directory["exim.conf"], 0x1A4);
        _process = Process.Start(new ProcessStartInfo(Path.Combine(Binaries.Root, Program), ["-C", _directory["exim.conf"], "-bdf"]) { RedirectStandardError = true })!;
        _process.ErrorDataReceived += (_, line) => _log.AppendLine(line.Data);
        _process.BeginErrorReadLine();
    }

    public int Port { get; } = FreePort();

    public static Task<RealExim> StartAsync(string authSocket, IEnumerable<string> mechanisms) => StartAsync("begin authenticators\n" + string.Concat(mechanisms.Select(m => $"""
        d_{m.ToLowerInvariant().Replace('-', '_')}:
          driver = dovecot
          public_name = {m}
          server_socket = {authSocket}
          server_set_id = $auth1

        """)));

    /// <param name="authenticators">The section of the configuration, its first line too.</param>
    public static async Task<RealExim> StartAsync(string authenticators)
    {
        var exim = new RealExim(authenticators);
        await Eventually.TrueAsync(exim.ListensAsync, $"exim listens: {exim._log}", TimeSpan.FromSeconds(60));
        return exim;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _directory.Dispose();
    }

    async Task<bool> ListensAsync()
    {
        Assert.False(_process.HasExited, _log.ToString());
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }
}
