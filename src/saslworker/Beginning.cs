using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;
using Sasl.Credentials;
using Sasl.Hosting.Configuration;
using Sasl.Protocols.Saslauthd;

namespace SaslWorker;

/// <summary>
/// What comes before the first query: the mechanism's option, settings and files, in as many packets as they need. Blocking calls: once a socket of .NET's has been
/// used asynchronously, a blocking call on it costs a change of threads.
/// </summary>
static class Beginning
{
    /// <summary>The mechanism and how long a query may take, or null when it cannot be made; saslauthd has been told why.</summary>
    public static (IPasswordSource Source, TimeSpan Limit)? Read(Socket channel, WorkerArguments arguments, ILogger log)
    {
        string? option = null;
        var settings = new StringBuilder();
        var files = new Dictionary<string, MemoryStream>();
        var packet = new byte[WorkerChannel.LongestPacket];
        while (channel.Receive(packet) is var count and > 0)
        {
            var body = packet.AsSpan(1, count - 1);
            switch (packet[0])
            {
                case WorkerVerb.Option:
                    option = Encoding.UTF8.GetString(body);
                    break;
                case WorkerVerb.Settings:
                    settings.Append(Encoding.UTF8.GetString(body));
                    break;
                case WorkerVerb.File:
                    var name = BinaryPrimitives.ReadUInt16BigEndian(body);
                    var path = Encoding.UTF8.GetString(body.Slice(2, name));
                    (files.TryGetValue(path, out var file) ? file : files[path] = new()).Write(body[(2 + name)..]);
                    break;
                case WorkerVerb.Go:
                    body.Clear();
                    return Open(channel, arguments, new(option, Settings.Deserialize(SaslauthdConf.Table, settings.ToString()),
                        files.ToDictionary(f => f.Key, f => (ReadOnlyMemory<byte>)f.Value.ToArray()), HashWorkers.Inline, log));
            }
        }
        return null;
    }

    static (IPasswordSource Source, TimeSpan Limit)? Open(Socket channel, WorkerArguments arguments, MechanismContext context)
    {
        try
        {
            var source = MechanismTable.All[arguments.Mechanism](context);
            channel.Send(new[] { WorkerVerb.Ready });
            return (source, context.Settings.Time(SaslauthdConf.RequestTimeout));
        }
        catch (Exception problem) when (problem is IOException or FormatException or UnauthorizedAccessException or DllNotFoundException)
        {
            channel.Send(Encoding.UTF8.GetBytes($"{(char)WorkerVerb.Problem}{problem.Message}"));
            return null;
        }
    }
}
