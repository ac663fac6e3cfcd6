using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Sasl.Hosting.Unix;
using Xunit;

namespace Testing;

/// <summary>Debian's Postfix with a configuration, queue and ports of its own. It can be started by root only.</summary>
public sealed class RunningPostfix : IAsyncDisposable
{
    const string Services = """
        pickup unix n - n 1 1 pickup
        cleanup unix n - n - 0 cleanup
        qmgr unix n - n 300 1 qmgr
        rewrite unix - - n - - trivial-rewrite
        bounce unix - - n - 0 bounce
        defer unix - - n - 0 bounce
        trace unix - - n - 0 bounce
        tlsmgr unix - - n 1000? 1 tlsmgr
        proxymap unix - - n - - proxymap
        anvil unix - - n - 1 anvil
        error unix - - n - - error
        discard unix - - n - - discard
        lmtp unix - - n - - lmtp
        postlog unix-dgram n - n - 1 postlogd

        """;

    readonly TemporaryDirectory _directory;

    RunningPostfix(TemporaryDirectory directory) => _directory = directory;

    /// <summary>Null when it can run; else why not, for a skip that is said.</summary>
    public static string? Missing => !File.Exists("/usr/sbin/postfix") ? "needs Debian's postfix" : !Identity.IsRoot ? "Postfix starts as root only" : null;

    public string Log => File.Exists(_directory["log"]) ? File.ReadAllText(_directory["log"]) : "";

    /// <param name="directory">Its own; every user may pass through it.</param>
    /// <param name="mainCf">What the test wants beside the places.</param>
    /// <param name="smtpd">Lines "host:port" or "host:port -o name=value …": one SMTP server each.</param>
    public static async Task<RunningPostfix> StartAsync(TemporaryDirectory directory, string mainCf, params IEnumerable<string> smtpd)
    {
        Configure(directory.Path, mainCf, smtpd);
        var postfix = new RunningPostfix(directory);
        try
        {
            await RunAsync("postfix", "-c", directory["conf"], "start");
        }
        catch (Xunit.Sdk.XunitException failure)
        {
            throw new Xunit.Sdk.XunitException($"{failure.Message}\n{postfix.Log}");
        }
        return postfix;
    }

    /// <summary>Writes conf/main.cf and conf/master.cf beneath a directory, for "postfix -c". Parameters as <see cref="StartAsync"/> has them.</summary>
    public static void Configure(string directory, string mainCf, params IEnumerable<string> smtpd)
    {
        File.SetUnixFileMode(directory, (UnixFileMode)0b111_101_101);
        foreach (var name in (string[])["conf", "spool", "data"])
            Directory.CreateDirectory(Path.Combine(directory, name));
        var owner = Accounts.Find("postfix")!;
        Files.ChangeOwner(Path.Combine(directory, "data"), owner.Uid, owner.Gid);
        File.WriteAllText(Path.Combine(directory, "conf/main.cf"), $"""
            compatibility_level = 3.6
            queue_directory = {directory}/spool
            data_directory = {directory}/data
            inet_interfaces = 127.0.0.1
            inet_protocols = ipv4
            maillog_file = {directory}/log
            maillog_file_prefixes = {directory}
            smtpd_peername_lookup = no
            alias_maps =
            {mainCf}
            """ + "\n");
        File.WriteAllText(Path.Combine(directory, "conf/master.cf"), string.Concat(smtpd.Select(line =>
        {
            var words = line.Split(' ', 2);
            return $"{words[0]} inet n - n - - smtpd {(words.Length > 1 ? words[1] : "")}\n";
        })) + Services);
    }

    /// <summary>A port that nobody has, below those that the kernel gives away: between the look and Postfix's bind no connection takes it.</summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(20_000, 32_000);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // Somebody has it.
            }
        }
    }

    public static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {await output}{errors}");
    }

    public async ValueTask DisposeAsync() => await RunAsync("postfix", "-c", _directory["conf"], "abort");
}
