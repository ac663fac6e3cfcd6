using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Sasl.Hosting.Unix;
using Testing;

namespace AuthServer.Tests.Peers;

/// <summary>A whole Postfix with a configuration and a queue of its own; only its smtpd is of interest.</summary>
sealed class RealPostfix : IAsyncDisposable
{
    readonly TemporaryDirectory _directory = new();
    readonly StringBuilder _log = new();
    readonly Process _process;

    RealPostfix(string authSocket, string settings)
    {
        File.SetUnixFileMode(_directory.Path, (UnixFileMode)0x1ED);
        foreach (var name in (string[])["c", "q", "d"])
            Directory.CreateDirectory(_directory[name]);
        var owner = Accounts.Find("postfix")!;
        Files.ChangeOwner(_directory["d"], owner.Uid, owner.Gid);
        File.WriteAllText(_directory["c/main.cf"], $"""
            compatibility_level = 3.6
            queue_directory = {_directory["q"]}
            data_directory = {_directory["d"]}
            inet_interfaces = 127.0.0.1
            mynetworks_style = host
            myhostname = test.example
            local_recipient_maps =
            alias_maps =
            maillog_file = /dev/stdout
            smtpd_sasl_auth_enable = yes
            smtpd_sasl_type = dovecot
            smtpd_sasl_path = {authSocket}
            smtpd_relay_restrictions = permit_sasl_authenticated, reject
            smtpd_peername_lookup = no
            smtpd_error_sleep_time = 0
            {settings}

            """);
        File.WriteAllText(_directory["c/master.cf"], $"""
            127.0.0.1:{Port} inet n - n - - smtpd
            anvil unix - - n - 1 anvil
            rewrite unix - - n - - trivial-rewrite
            postlog unix-dgram n - n - 1 postlogd

            """);
        _process = Process.Start(new ProcessStartInfo("/usr/sbin/postfix", ["-c", _directory["c"], "start-fg"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        _process.OutputDataReceived += (_, line) => Add(line.Data);
        _process.ErrorDataReceived += (_, line) => Add(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Port { get; } = FreePort();

    public string Log
    {
        get
        {
            lock (_log)
                return _log.ToString();
        }
    }

    /// <param name="settings">More of main.cf; they count before what stands there already.</param>
    public static async Task<RealPostfix> StartAsync(string authSocket, string settings = "")
    {
        var postfix = new RealPostfix(authSocket, settings);
        await Eventually.TrueAsync(postfix.ListensAsync, "postfix listens", TimeSpan.FromSeconds(60));
        return postfix;
    }

    public async Task<TcpClient> ConnectAsync()
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        Process.Start(new ProcessStartInfo("/usr/sbin/postfix", ["-c", _directory["c"], "stop"]) { RedirectStandardError = true, RedirectStandardOutput = true })!.WaitForExit();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _directory.Dispose();
    }

    async Task<bool> ListensAsync()
    {
        try
        {
            using var client = await ConnectAsync();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    void Add(string? line)
    {
        lock (_log)
            _log.AppendLine(line);
    }

    static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }
}
