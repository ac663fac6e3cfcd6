// A child for the supervisor's tests. Its role says how it behaves; anything that a taken-over child might try has a role here.
// Started as "testchild log N" it only logs, for the tests of the log.
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;
using Sasl.Hosting.Logging;
using Sasl.Protocols.Supervision;

if (args is ["log", var lines])
{
    using var log = new DaemonLog("testchild", Facility.Mail, LogTarget.StandardError);
    for (var i = 0; i < int.Parse(lines); i++)
        log.Log(LogLevel.Information, default, i, null, static (number, _) => $"line {number} {new string('x', 80)}");
    return 0;
}
var arguments = ChildArguments.TryParse(args) ?? throw new ArgumentException("not a supervisor's arguments");
switch (arguments.Role)
{
    case "crash":
        return 3;
    case "impostor-child":
        break;
    case "impostor":
        // The supervisor started this pid; another one connects.
        using (var other = Process.Start(Environment.ProcessPath!, (arguments with { Role = "impostor-child" }).ToArguments()))
            await other.WaitForExitAsync();
        return 0;
    case "undropped":
        // Keeps root and connects as it.
        break;
    case "confined":
        arguments.BecomeIdentity(denyExec: true);
        break;
    case "nonsense" or "oversized" or "forger":
        arguments.BecomeIdentity(denyExec: false);
        return await TakenOver.RunAsync(arguments);
    default:
        arguments.BecomeIdentity(denyExec: false);
        break;
}
using var supervisor = await SupervisedChild.ConnectAsync(arguments);
var served = 0;
long received = 0;
var clients = 0;
supervisor.Attached = async (attachment, stream) =>
{
    Interlocked.Increment(ref served);
    received++;
    using (stream)
    {
        // Says who serves what, then echoes until the peer is done.
        await stream.SendAsync(Encoding.UTF8.GetBytes($"{attachment.Protocol} user={attachment.User} mail={attachment.Mail} home={attachment.Home} tag={attachment.Tag} uid={Sasl.Hosting.Unix.Identity.EffectiveUid} pid={Environment.ProcessId} leftover={Encoding.UTF8.GetString(attachment.Leftover)}\n"));
        var buffer = new byte[4096];
        while (await stream.ReceiveAsync(buffer) is > 0 and var count)
        {
            if (Encoding.UTF8.GetString(buffer, 0, count).Trim() == "crash")
                Environment.Exit(9);
            await stream.SendAsync(buffer.AsMemory(0, count));
        }
    }
    await supervisor.DetachedAsync(Interlocked.Decrement(ref served), received);
};
var running = supervisor.RunAsync();
await supervisor.ReadyAsync();
foreach (var listener in supervisor.Listeners)
    _ = ServeAsync(listener.Socket);
var leave = new TaskCompletionSource();
using var retiring = supervisor.Retiring.Register(() => _ = AfterLastClientAsync());
using var draining = supervisor.Draining.Register(() => leave.TrySetResult());
await Task.WhenAny(running, leave.Task);
return 0;

async Task AfterLastClientAsync()
{
    while (Volatile.Read(ref clients) > 0)
        await Task.Delay(10);
    leave.TrySetResult();
}

// Each line that a client sends is a request to the supervisor; the answer is told back.
async Task ServeAsync(Socket listener)
{
    while (true)
    {
        Socket client;
        try
        {
            client = await listener.AcceptAsync(supervisor.Retiring);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        Interlocked.Increment(ref clients);
        _ = Task.Run(async () =>
        {
            var buffer = new byte[4096];
            var count = await client.ReceiveAsync(buffer);
            var words = Encoding.UTF8.GetString(buffer, 0, count).Trim().Split(' ');
            var answer = words switch
            {
                ["handoff", var protocol, var cookie] => await supervisor.HandOffAsync(
                    new HandOffRequest(protocol, 1, 7, cookie, "session", "a1", "192.0.2.1", "LEFT"u8.ToArray()), client, default),
                ["deliver", var user] => await supervisor.OpenDeliveryAsync(user, default),
                ["who"] => new SupervisorAnswer("who", $"uid={Sasl.Hosting.Unix.Identity.EffectiveUid} pid={Environment.ProcessId} config={supervisor.Configuration.GetValueOrDefault("test")}", null),
                ["exec"] => new SupervisorAnswer("exec", Confinement.Try(), null),
                _ => new SupervisorAnswer("crash", "", null),
            };
            if (words is ["crash"])
                Environment.Exit(9);
            if (answer.Stream is { } stream)
            {
                count = await stream.ReceiveAsync(buffer);
                await client.SendAsync(buffer.AsMemory(0, count));
                stream.Dispose();
                client.Dispose();
            }
            else if (!answer.IsOk)
            {
                await client.SendAsync(Encoding.UTF8.GetBytes($"{answer.Code} {answer.Reason}\n"));
                client.Dispose();
            }
            else
            {
                // The worker has the socket now; this copy goes without a shutdown.
                client.Close(0);
            }
            Interlocked.Decrement(ref clients);
        });
    }
}
