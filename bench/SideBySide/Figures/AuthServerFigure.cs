using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Sasl.Credentials.Native;
using Sasl.Mechanisms;
using SideBySide.Contenders;
using SideBySide.Loads;
using SideBySide.Processes;

namespace SideBySide.Figures;

/// <summary>The auth server alone, beside Dovecot's auth, with the same passwd-file: every figure in the same round, one after the other.</summary>
static class AuthServerFigure
{
    const int Pending = 10_000, Connections = 1000, ManyLogins = 1_000_000, Outstanding = 32;

    const string Cheap = "plain", Keys = "keys", Costly = "costly";

    static readonly TimeSpan _duration = TimeSpan.FromSeconds(2);

    static readonly ScramSecret _secret = ScramSecret.Derive(ScramHash.Sha256, Encoding.ASCII.GetBytes(BenchUsers.Password), RandomNumberGenerator.GetBytes(16), 4096);

    static readonly string _hash = Crypt.Hash(Encoding.ASCII.GetBytes(BenchUsers.Password), "$6$")!;

    public static void Run(Report report, int round, int rounds, string binaries)
    {
        Console.Error.WriteLine($"auth server, round {round + 1} of {rounds}");
        using var pair = new Pair(binaries);
        if (round == 0)
            pair.InTurn(round, (side, _, processes) => report.Add("memory, idle", "MB", Better.Lower, side, Pss(processes)));
        foreach (var (connections, outstanding) in new[] { (1, 1), (8, 1), (8, Outstanding) })
        {
            var figure = $"PLAIN, {connections} conn.{(outstanding > 1 ? $" x {outstanding} outstanding" : "")}";
            pair.InTurn(round, (side, socket, processes) => Rate(report, figure, side, outstanding, Load.ForTime(processes, connections, _duration,
                i => new AuthClient(socket, i, Cheap, outstanding), c => c.LogIn())));
        }
        foreach (var connections in new[] { 1, 8 })
        {
            pair.InTurn(round, (side, socket, processes) => Rate(report, $"SCRAM-SHA-256, {connections} conn.", side, 1, Load.ForTime(processes, connections, _duration,
                i => new ScramClient(socket, i, Keys, _secret), c => c.LogIn())));
        }
        Hashing(report, round, pair);
        if (round > 0)
            return;
        pair.InTurn(round, (side, socket, processes) => Crowd(report, side, socket, processes));
        pair.InTurn(round, (side, socket, processes) => Endurance(report, side, socket, processes));
    }

    static void Rate(Report report, string figure, Side side, int each, LoadResult load)
    {
        report.Add(figure, "1/s", Better.Higher, side, load.PerSecond * each, load.CpuMicroseconds / each);
        report.Add($"{figure}: p99{(each > 1 ? $" of {each}" : "")}", "ms", Better.Lower, side, load.P99);
    }

    /// <summary>The hash itself on as many threads as there are cores is what no server can be faster than.</summary>
    static void Hashing(Report report, int round, Pair pair)
    {
        var done = 0L;
        var clock = Stopwatch.StartNew();
        Load.InParallel(Environment.ProcessorCount, _ =>
        {
            for (; clock.Elapsed < _duration; Interlocked.Increment(ref done))
            {
                if (!Crypt.Verify(Encoding.ASCII.GetBytes(BenchUsers.Password), _hash))
                    throw new BenchException("a hash does not verify");
            }
        });
        var bare = done / clock.Elapsed.TotalSeconds;
        pair.InTurn(round, (side, socket, processes) => report.Add("SHA512-CRYPT, 8 conn., part of the bare hash's rate", "", Better.Higher, side,
            Load.ForTime(processes, 8, _duration, i => new AuthClient(socket, i, Costly), c => c.LogIn()).PerSecond / bare));
    }

    static void Crowd(Report report, Side side, string socket, ProcessTree processes)
    {
        using (var client = new AuthClient(socket, 1, Cheap))
        {
            for (var i = 0; i < Pending - 1; i++)
                client.Begin();
            report.Add($"memory, {Pending} pending requests", "MB", Better.Lower, side, Pss(processes));
            client.LogIn();
        }
        var connections = Enumerable.Range(0, Connections).Select(i => new AuthClient(socket, i, Cheap)).ToList();
        connections.ForEach(c => c.LogIn());
        report.Add($"memory, {Connections} connections", "MB", Better.Lower, side, Pss(processes));
        connections.ForEach(c => c.Dispose());
    }

    static void Endurance(Report report, Side side, string socket, ProcessTree processes)
    {
        Load.InParallel(8, i =>
        {
            using var client = new AuthClient(socket, i, Cheap, Outstanding);
            for (var done = 0; done < ManyLogins / 8; done += Outstanding)
                client.LogIn();
        });
        report.Add($"memory, after {ManyLogins} logins", "MB", Better.Lower, side, Pss(processes));
    }

    static double Pss(ProcessTree processes) => processes.Read().Sum(p => ProcessReading.Pss(p.Pid)) / 1024.0;

    sealed class Pair : IDisposable
    {
        const string Mechanisms = "plain login scram-sha-256";

        readonly OurAuthServer _ours;
        readonly DovecotAuth? _peer;

        public Pair(string binaries)
        {
            var users = $"{Cheap}:{{PLAIN}}{BenchUsers.Password}\n{Keys}:{ScramSecretText.Format(_secret, ScramForm.Dovecot)}\n{Costly}:{{SHA512-CRYPT}}{_hash}";
            _ours = new(binaries, users, Mechanisms);
            _peer = File.Exists(Dovecot.Program) ? new(users, Mechanisms) : null;
        }

        public void InTurn(int round, Action<Side, string, ProcessTree> measure) => Contest.InTurn(round,
            () => measure(Side.Ours, _ours.Socket, _ours.Processes), _peer is null ? null : () => measure(Side.Peer, _peer.Socket, _peer.Processes));

        public void Dispose()
        {
            _ours.Dispose();
            _peer?.Dispose();
        }
    }
}
