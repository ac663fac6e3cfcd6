using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Sasl.Credentials.Native;
using SideBySide.Contenders;
using SideBySide.Loads;
using SideBySide.Processes;

namespace SideBySide.Figures;

/// <summary>The password daemon alone, beside Debian's: every figure in the same round, one after the other.</summary>
static class SaslauthdFigure
{
    const int ManyRequests = 100_000;

    static readonly TimeSpan _duration = TimeSpan.FromSeconds(2);

    static readonly int[] _silent = [1, 2, 4, 5, 8, 100, 512, 1000, 2000];

    public static void Run(Report report, int round, int rounds, string binaries)
    {
        Console.Error.WriteLine($"saslauthd, round {round + 1} of {rounds}");
        using var cheap = new BenchUsers.SystemAccount();
        using var usual = new BenchUsers.SystemAccount("$y$");
        StartFigure.RunSaslauthd(report, round, binaries);
        using (var pair = new Pair(binaries, "shadow"))
        {
            Rates(report, round, pair, "md5crypt", cheap.Name, [1, 8]);
            Yescrypt(report, round, pair, usual);
            if (round == 0)
                Silence(report, pair, cheap.Name);
        }
        using (var pair = new Pair(binaries, "shadow", "-c"))
        {
            Rates(report, round, pair, "cache hit", cheap.Name, [1, 8]);
            if (round == 0)
                Memory(report, pair, cheap.Name);
        }
        using (var pair = new Pair(binaries, "pam"))
            Rates(report, round, pair, "pam (pam_unix)", cheap.Name, [1, 8]);
    }

    static void Rates(Report report, int round, Pair pair, string what, string user, int[] clients)
    {
        foreach (var count in clients)
        {
            pair.InTurn(round, (side, socket, processes) =>
            {
                var load = Load.ForTime(processes, count, _duration, _ => new MuxClient(socket, user), c => c.Ask());
                report.Add($"{what}, {count} clients", "1/s", Better.Higher, side, load.PerSecond, load.CpuMicroseconds);
                if (count > 1)
                    report.Add($"{what}, {count} clients: p99", "ms", Better.Lower, side, load.P99);
            });
        }
    }

    /// <summary>The hash itself on as many threads as there are cores is what no server can be faster than.</summary>
    static void Yescrypt(Report report, int round, Pair pair, BenchUsers.SystemAccount user)
    {
        var duration = _duration * 2;
        var done = 0L;
        var clock = Stopwatch.StartNew();
        Load.InParallel(Environment.ProcessorCount, _ =>
        {
            for (; clock.Elapsed < duration; Interlocked.Increment(ref done))
            {
                if (!Crypt.Verify(Encoding.UTF8.GetBytes(BenchUsers.Password), user.Hash))
                    throw new BenchException("a hash does not verify");
            }
        });
        var bare = done / clock.Elapsed.TotalSeconds;
        pair.InTurn(round, (side, socket, processes) =>
        {
            var load = Load.ForTime(processes, 8, duration, _ => new MuxClient(socket, user.Name), c => c.Ask());
            report.Add("yescrypt, 8 clients", "1/s", Better.Higher, side, load.PerSecond, load.CpuMicroseconds);
            report.Add("yescrypt, part of the bare hash's rate", "", Better.Higher, side, load.PerSecond / bare);
        });
    }

    static void Memory(Report report, Pair pair, string user) => pair.InTurn(0, (side, socket, processes) =>
    {
        new MuxClient(socket, user).Ask();
        report.Add("memory, idle", "MB", Better.Lower, side, Pss(processes));
        Load.InParallel(8, _ =>
        {
            using var client = new MuxClient(socket, user);
            for (var i = 0; i < ManyRequests / 8; i++)
                client.Ask();
        });
        report.Add($"memory, after {ManyRequests} requests", "MB", Better.Lower, side, Pss(processes));
    });

    static double Pss(ProcessTree processes) => processes.Read().Sum(p => ProcessReading.Pss(p.Pid)) / 1024.0;

    /// <summary>With how many clients that say nothing a login still goes through.</summary>
    static void Silence(Report report, Pair pair, string user) => pair.InTurn(0, (side, socket, _) =>
    {
        var silent = new List<Socket>();
        var survived = 0;
        foreach (var count in _silent)
        {
            while (silent.Count < count)
                silent.Add(Connected(socket));
            if (!Answers(socket, user))
                break;
            survived = count;
        }
        silent.ForEach(s => s.Dispose());
        report.Add($"silent clients survived (of {_silent[^1]})", "", Better.Higher, side, survived);
        Patience.Until(() => Answers(socket, user), "logins go on when the silent clients have gone");
    });

    static Socket Connected(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(path));
        return socket;
    }

    static bool Answers(string path, string user)
    {
        using var socket = Connected(path);
        socket.ReceiveTimeout = 3000;
        try
        {
            socket.Send(Sasl.Protocols.Saslauthd.RequestCodec.Encode(new(user, Encoding.UTF8.GetBytes(BenchUsers.Password), "smtp", ""))!);
            return socket.Receive(new byte[10]) > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Both daemons with the same options.</summary>
    sealed class Pair(string binaries, string mechanism, params string[] options) : IDisposable
    {
        readonly OurSaslauthd _ours = new(binaries, mechanism, options);
        readonly DebianSaslauthd? _peer = File.Exists(DebianSaslauthd.Program) ? new(mechanism, options) : null;

        public void InTurn(int round, Action<Side, string, ProcessTree> measure) => Contest.InTurn(round,
            () => measure(Side.Ours, _ours.Socket, _ours.Processes), _peer is null ? null : () => measure(Side.Peer, _peer.Socket, _peer.Processes));

        public void Dispose()
        {
            _ours.Dispose();
            _peer?.Dispose();
        }
    }
}
