using System.Buffers;
using System.Text;
using Interop.Tests.Matrix;
using Interop.Tests.Peers;
using Sasl.Mechanisms;

namespace Interop.Tests.Cases;

/// <summary>DIGEST-MD5's security layers, with data through them: both ways where the program reads some, from it where it only writes.</summary>
static class DigestLayerCases
{
    const string Host = "localhost";

    static readonly byte[] _fromClient = [.. "client message 1"u8, 0], _fromServer = [.. "srv message 1"u8, 0];

    static readonly (int Ssf, string Name)[] _layers = [(1, "auth-int"), (40, "auth-conf with rc4-40"), (55, "auth-conf with des"), (56, "auth-conf with rc4-56"), (128, "auth-conf with rc4")];

    const string NoTripleDes = "under OpenSSL 3 it cannot use 3des with anybody: it gives the keys no parity and minds OpenSSL's complaint of that";

    public static IEnumerable<Case> Of(SaslMechanism mechanism, Peer peer) => mechanism.Name != "DIGEST-MD5" ? [] : peer switch
    {
        CyrusClient =>
        [
            .. _layers.Select(l => new Case($"{l.Name}, data both ways", () => ServeCyrusAsync(l.Ssf))),
            new("auth-conf with 3des", () => FailsAsync(() => ServeCyrusAsync(112))) { Fault = NoTripleDes },
        ],
        CyrusServer =>
        [
            .. _layers.Select(l => new Case($"{l.Name}, data both ways", () => LogInToCyrusAsync("alice", Login.Right, l.Ssf))),
            new("auth-conf with 3des", () => FailsAsync(() => LogInToCyrusAsync("alice", Login.Right, 112))) { Fault = NoTripleDes },
        ],
        GsaslClient => [new("auth-int, data from it", ServeGsaslAsync)],
        _ => [],
    };

    static async Task ServeCyrusAsync(int ssf)
    {
        await using var client = new LineProgram("sasl-sample-client", ["-s", "imap", "-n", Host, "-m", "DIGEST-MD5", "-a", "alice", "-b", $"min={ssf},max={ssf}"], [("Password: ", Login.Right)]);
        using var server = Server();
        await WriteAsync(client, "S: ", "DIGEST-MD5"u8.ToArray());
        await Cyrus.ReadAsync(client, "C: ");
        await WriteAsync(client, "S: ", (await server.StepAsync(null)).Message!);
        var success = Success((await server.StepAsync(await MessageAsync(client, "C: "))).Outcome, client);
        await WriteAsync(client, "S: ", success.FinalData!);
        await MessageAsync(client, "C: ");
        Assert.Equal($"{ssf}", await LineAsync(client, "SSF: "));
        await WriteAsync(client, "S: ", Wrap(success.Layer!, _fromServer));
        Assert.Equal(_fromClient, Unwrap(success.Layer!, await MessageAsync(client, "C: ")));
        Assert.Equal(0, await client.EndAsync());
    }

    public static async Task LogInToCyrusAsync(string name, string password, int ssf)
    {
        await using var server = new LineProgram("sasl-sample-server", ["-s", "imap", "-d", CyrusDatabase.Realm, "-m", "DIGEST-MD5", "-b", "min=0,max=128"], null,
            ("SASL_CONF_PATH", await CyrusServer.ConfigureAsync(name, password)));
        using var client = new SaslClientSession(SaslMechanisms.Find("DIGEST-MD5")!, new(name, "", Encoding.UTF8.GetBytes(password)), new() { Service = "imap", HostName = Host }, Settings(ssf));
        await client.StartAsync();
        await MessageAsync(server, "S: ");
        await WriteAsync(server, "C: ", "DIGEST-MD5"u8.ToArray());
        for (var i = 0; i < 2; i++)
        {
            var step = await client.StepAsync(await MessageAsync(server, "S: "));
            await WriteAsync(server, "C: ", step.Message ?? throw new InvalidOperationException($"{step.Outcome}\n{server.Transcript}"));
        }
        var success = Success(await client.FinishAsync(null), server);
        Assert.Equal(name, await LineAsync(server, "Username: "));
        Assert.Equal($"{ssf}", await LineAsync(server, "SSF: "));
        if (success.Layer is not { } layer)
            return;
        Assert.Equal(_fromServer, Unwrap(layer, await MessageAsync(server, "S: ")));
        await WriteAsync(server, "C: ", Wrap(layer, _fromClient));
        Assert.True(await server.EndAsync() == 0, server.Transcript);
        Assert.Contains("decoded message 'client message 1'", server.Transcript);
    }

    static async Task ServeGsaslAsync()
    {
        await using var client = new LineProgram("gsasl",
            ["--client", "-m", "DIGEST-MD5", "--service", "imap", "--hostname", Host, "-r", Host, "-a", "alice", "-p", Login.Right, "--quality-of-protection=qop-int"]);
        using var server = Server();
        // The mechanism's name and an empty line come before it has heard of us.
        await client.ReadAsync();
        await client.ReadAsync();
        await WriteAsync(client, "", (await server.StepAsync(null)).Message!);
        var success = Success((await server.StepAsync(await MessageAsync(client, ""))).Outcome, client);
        await WriteAsync(client, "", success.FinalData!);
        await client.ReadAsync();
        await client.WriteAsync("");
        Assert.True(await client.SaysAsync("Client authentication finished"), client.Transcript);
        foreach (var line in (string[])["hello", "again"])
        {
            await client.WriteAsync(line);
            Assert.Equal(line, Encoding.UTF8.GetString(Unwrap(success.Layer!, await MessageAsync(client, ""))).TrimEnd('\n'));
        }
    }

    static async Task FailsAsync(Func<Task> run) => Assert.Contains("init cipher '3des'", (await Assert.ThrowsAsync<InvalidOperationException>(run)).Message);

    static SaslServerSession Server() =>
        new(SaslMechanisms.Find("DIGEST-MD5")!, new House(), new() { Service = "imap", HostName = Host }, new() { Policy = new() { MaxSsf = 128 } });

    static SaslSettings Settings(int ssf) => new() { Policy = new() { MinSsf = ssf, MaxSsf = ssf } };

    static SaslOutcome.Success Success(SaslOutcome? outcome, LineProgram peer) => outcome as SaslOutcome.Success ?? throw new InvalidOperationException($"{outcome}\n{peer.Transcript}");

    static Task WriteAsync(LineProgram program, string beginning, byte[] message) => program.WriteAsync(beginning + Convert.ToBase64String(message));

    static async Task<byte[]> MessageAsync(LineProgram program, string beginning) => Convert.FromBase64String(await LineAsync(program, beginning));

    static async Task<string> LineAsync(LineProgram program, string beginning)
    {
        while (await program.ReadAsync() is { } line)
        {
            if (line.StartsWith(beginning, StringComparison.Ordinal))
                return line[beginning.Length..];
        }
        await program.EndAsync();
        throw new InvalidOperationException(program.Transcript);
    }

    static byte[] Wrap(SecurityLayer layer, byte[] data)
    {
        var output = new ArrayBufferWriter<byte>();
        layer.Wrap(data, output);
        return output.WrittenSpan.ToArray();
    }

    static byte[] Unwrap(SecurityLayer layer, byte[] packet)
    {
        var output = new ArrayBufferWriter<byte>();
        var input = new ReadOnlySequence<byte>(packet);
        Assert.Equal(UnwrapResult.Data, layer.Unwrap(ref input, output));
        Assert.True(input.IsEmpty);
        return output.WrittenSpan.ToArray();
    }
}
