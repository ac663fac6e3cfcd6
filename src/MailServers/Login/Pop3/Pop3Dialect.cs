using System.Runtime.InteropServices;
using System.Text;
using Sasl.Hosting.Net;

namespace MailServers.Login.Pop3;

/// <summary>POP3's AUTHORIZATION state (RFC 1939 §4).</summary>
sealed class Pop3Dialect : ILoginDialect
{
    const int MostBadCommands = 3, LongestCommand = 1024, LongestLine = LoginAttempt.LongestResponse + 256;

    public string Protocol => "pop3";

    // RFC 1939 §7: a timestamp in angle brackets would announce APOP, which is not offered.
    public ValueTask GreetAsync(LoginClient client)
    {
        client.Connection.WriteLine($"+OK {client.Host.Settings.Greeting}");
        return ValueTask.CompletedTask;
    }

    public async Task<LoginEnd> RunAsync(LoginClient client)
    {
        var session = new Pop3LoginSession(client);
        while (true)
        {
            var line = await client.ReadLineAsync(LongestLine);
            if (line.IsEnd)
                return client.EndOf(line.Status);
            var (name, argument) = line.IsComplete ? Split(line.Bytes.Span) : ("", []);
            MemoryMarshal.AsMemory(line.Bytes).Span.Clear();
            var tooLong = line.Status == LineStatus.TooLong || (argument.Length > LongestCommand && name != "AUTH");
            if (tooLong || Pop3LoginCommands.Find(name) is not { } command)
            {
                if (++client.BadCommands >= MostBadCommands)
                    return LoginEnd.TooManyBadCommands;
                client.Connection.WriteLine(tooLong ? "-ERR Command line too long." : "-ERR Unknown command.");
            }
            else if (await command.RunAsync(session, argument) is { } end)
            {
                return end;
            }
        }
    }

    public void Refuse(LoginClient client, string tag, LoginRefusal refusal) => client.Connection.WriteLine(Pop3Refusals.Reply(refusal));

    public void SayGoodbye(LoginClient client, LoginEnd end)
    {
        var text = end switch
        {
            LoginEnd.TooManyBadCommands => "-ERR Too many invalid commands.",
            LoginEnd.TimedOut => "-ERR Disconnected for inactivity.",
            LoginEnd.Dropped => "-ERR [SYS/TEMP] Connection queue full.",
            LoginEnd.ShuttingDown => "-ERR [SYS/TEMP] Server shutting down.",
            // QUIT and a failed hand-off have been answered already.
            _ => null,
        };
        if (text is not null)
            client.Connection.WriteLine(text);
    }

    /// <summary>RFC 1939 §3: a keyword, and everything after one space is the argument (a password may hold spaces).</summary>
    static (string Name, byte[] Argument) Split(ReadOnlySpan<byte> line)
    {
        var space = line.IndexOf((byte)' ');
        return space < 0
            ? (Encoding.Latin1.GetString(line).ToUpperInvariant(), [])
            : (Encoding.Latin1.GetString(line[..space]).ToUpperInvariant(), line[(space + 1)..].ToArray());
    }
}
