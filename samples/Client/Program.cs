// A SASL client in ten lines, for samples/Server: Client [NAME PASSWORD [PORT]].
using System.Net.Sockets;
using System.Text;
using Sasl.Mechanisms;

var (name, password, port) = (args.ElementAtOrDefault(0) ?? "alice", args.ElementAtOrDefault(1) ?? "wonderland", int.Parse(args.ElementAtOrDefault(2) ?? "4300"));
using var connection = new TcpClient("127.0.0.1", port);
using var lines = new Lines(connection.GetStream());
var client = new SaslClient(new(name, "", Encoding.UTF8.GetBytes(password)), SaslChannel.Unknown);

// The ten lines.
var (session, reason) = client.Next((await lines.ReadAsync()).Split(' '));
if (session is null)
    throw new InvalidOperationException(reason);
var step = await session.StartAsync();
await lines.WriteAsync(session.Mechanism.Name + (step.Message is { } initial ? " " + Lines.Encode(initial) : ""));
string[] reply;
while ((reply = (await lines.ReadAsync()).Split(' '))[0] is not ("OK" or "NO"))
    await lines.WriteAsync((await session.StepAsync(Lines.Decode(reply[0]))).Message is { } message ? Lines.Encode(message) : "*");
var outcome = reply[0] == "NO" ? null : await session.FinishAsync(reply.Length > 2 ? Lines.Decode(reply[2]) : null);
session.Dispose();

Console.WriteLine(outcome is SaslOutcome.Success ? $"in as {reply[1]} by {session.Mechanism.Name}, and the server has proven itself" : $"refused by {session.Mechanism.Name}");
return outcome is SaslOutcome.Success ? 0 : 1;
