using System.Buffers;
using Testing;

namespace Sasl.Mechanisms.Tests.DigestMd5;

/// <summary>
/// DIGEST-MD5 against Cyrus SASL and GNU SASL, both sides, with every layer that they have, and data through the layer where the program sends some.
/// </summary>
public sealed class DigestInteropTests
{
    const string Host = "mail.example.org";
    static readonly SaslChannel _channel = new() { Service = "imap", HostName = Host };
    static readonly byte[] _fromClient = [.. "client message 1"u8, 0], _fromServer = [.. "srv message 1"u8, 0];

    /// <summary>
    /// A strength stands for a cipher. Not 3des (112): under OpenSSL 3 Cyrus fails to set up its keys, whoever the peer is, because it gives them no parity.
    /// Ours is compared with the platform's and with packets made by OpenSSL.
    /// </summary>
    public static TheoryData<int> Strengths => [0, 1, 40, 55, 56, 128];

    [RequiresTheory(program: "/usr/bin/sasl-sample-client")]
    [MemberData(nameof(Strengths))]
    public async Task Cyrus_client(int ssf)
    {
        using var client = new PeerProgram("sasl-sample-client", ["-s", "imap", "-n", Host, "-m", "DIGEST-MD5", "-a", "user", "-r", Host, "-b", $"min={ssf},max={ssf}"]);
        using var server = new SaslServerSession(Digest.Mechanism, Digest.Credentials, _channel, Settings(0, 128));
        await client.WriteBase64Async("S: ", "DIGEST-MD5"u8.ToArray());
        Assert.Equal("DIGEST-MD5"u8.ToArray(), (await client.ReadBase64Async("C: ")).Where(b => b != 0));
        await client.WriteBase64Async("S: ", (await server.StepAsync(null)).Message!);
        await client.WriteAsync("pencil");
        var step = await server.StepAsync(await client.ReadBase64Async("C: "));
        var success = step.Outcome as SaslOutcome.Success ?? throw new InvalidOperationException($"{step.Outcome}\n{client}");
        await client.WriteBase64Async("S: ", success.FinalData!);
        Assert.Equal("", await client.ReadAsync("C: "));
        await client.ReadAsync("Negotiation complete");
        Assert.Equal($"{ssf}", await client.ReadAsync("SSF: "));
        await client.WriteBase64Async("S: ", Wrap(success.Layer, _fromServer));
        await client.ReadAsync("recieved decoded message 'srv message 1'");
        Assert.Equal(_fromClient, Unwrap(success.Layer, await client.ReadBase64Async("C: ")));
        Assert.Equal(0, await client.EndAsync());
    }

    [RequiresTheory(program: "/usr/sbin/sasl-sample-server")]
    [MemberData(nameof(Strengths))]
    public async Task Cyrus_server(int ssf)
    {
        using var house = await CyrusHouse.MakeAsync("user", "pencil");
        using var server = house.Serve($"min=0,max=128");
        var success = await LogInToCyrusAsync(server, Digest.Own, Settings(ssf, ssf));
        Assert.Equal("user", await server.ReadAsync("Username: "));
        Assert.Equal($"{ssf}", await server.ReadAsync("SSF: "));
        Assert.Equal(_fromServer, Unwrap(success.Layer, await server.ReadBase64Async("S: ")));
        await server.WriteBase64Async("C: ", Wrap(success.Layer, _fromClient));
        await server.ReadAsync("recieved decoded message 'client message 1'");
        Assert.Equal(0, await server.EndAsync());
    }

    [RequiresTheory(program: "/usr/sbin/sasl-sample-server")]
    [InlineData("j\u00fcrgen", "pa\u00df\"w\\rt")]
    [InlineData("\u0436enya", "\u043f\u0430\u0440\u043e\u043b\u044c")]
    [InlineData("quo\"te", "p")]
    public async Task Cyrus_server_and_names_beyond_ascii(string name, string password)
    {
        using var house = await CyrusHouse.MakeAsync(name, password);
        using var server = house.Serve("min=0,max=0");
        await LogInToCyrusAsync(server, new(name, "", Digest.Bytes(password)), Settings(0, 0));
        Assert.Equal(name, await server.ReadAsync("Username: "));
    }

    [RequiresTheory(program: "/usr/bin/sasl-sample-client")]
    [InlineData("j\u00fcrgen", "pa\u00df\"w\\rt")]
    [InlineData("\u0436enya", "\u043f\u0430\u0440\u043e\u043b\u044c")]
    public async Task Cyrus_client_and_names_beyond_ascii(string name, string password)
    {
        using var client = new PeerProgram("sasl-sample-client", ["-s", "imap", "-n", Host, "-m", "DIGEST-MD5", "-a", name, "-r", Host, "-b", "min=0,max=0"]);
        using var server = new SaslServerSession(Digest.Mechanism, new OneName(name, password), _channel, Settings(0, 0));
        await client.WriteBase64Async("S: ", "DIGEST-MD5"u8.ToArray());
        await client.ReadAsync("C: ");
        await client.WriteBase64Async("S: ", (await server.StepAsync(null)).Message!);
        await client.WriteAsync(password);
        var step = await server.StepAsync(await client.ReadBase64Async("C: "));
        var success = step.Outcome as SaslOutcome.Success ?? throw new InvalidOperationException($"{step.Outcome}\n{client}");
        await client.WriteBase64Async("S: ", success.FinalData!);
        await client.ReadAsync("Negotiation complete");
    }

    [RequiresTheory(program: "/usr/bin/gsasl")]
    [InlineData("qop-auth", "user", "pencil")]
    [InlineData("qop-int", "user", "pencil")]
    [InlineData("qop-int", "j\u00fcrgen", "pa\u00dfwort")]
    public async Task Gsasl_client(string qop, string name, string password)
    {
        using var client = new PeerProgram("gsasl", ["--client", "-m", "DIGEST-MD5", "--service", "imap", "--hostname", Host, "-r", Host, "-a", name, "-p", password, $"--quality-of-protection={qop}"]);
        using var server = new SaslServerSession(Digest.Mechanism, new OneName(name, password), _channel, Settings(0, 128));
        await client.ReadAsync("Enter base64 authentication data from server");
        await client.WriteBase64Async("", (await server.StepAsync(null)).Message!);
        await client.ReadAsync("Output from client:");
        var step = await server.StepAsync(await client.ReadBase64Async(""));
        var success = step.Outcome as SaslOutcome.Success ?? throw new InvalidOperationException($"{step.Outcome}\n{client}");
        await client.WriteBase64Async("", success.FinalData!);
        // It wants to hear one more word.
        await client.ReadAsync("Enter base64 authentication data from server");
        await client.WriteAsync("");
        await client.ReadAsync("Client authentication finished (server trusted)");
        Assert.Equal(qop == "qop-int", success.Layer is { Ssf: 1 });
        if (success.Layer is null)
            return;
        foreach (var line in new[] { "hello", "again" })
        {
            await client.WriteAsync(line);
            await client.ReadAsync("Base64 encoded application data to send:");
            Assert.Equal(line, Digest.Text(Unwrap(success.Layer, await client.ReadBase64Async(""))).TrimEnd('\n'));
        }
    }

    // As a server the program offers no layer.
    [RequiresFact(program: "/usr/bin/gsasl")]
    public async Task Gsasl_server()
    {
        using var server = new PeerProgram("gsasl", ["--server", "-m", "DIGEST-MD5", "--service", "imap", "--hostname", Host, "-r", Host, "-p", "pencil"]);
        using var client = new SaslClientSession(Digest.Mechanism, Digest.Own, _channel, Settings(0, 128));
        await client.StartAsync();
        await server.ReadAsync("Output from server:");
        await server.WriteBase64Async("", (await client.StepAsync(await server.ReadBase64Async(""))).Message!);
        await server.ReadAsync("Output from server:");
        Assert.Equal("", Digest.Text((await client.StepAsync(await server.ReadBase64Async(""))).Message));
        Assert.IsType<SaslOutcome.Success>(await client.FinishAsync(null));
        await server.WriteAsync("");
        await server.ReadAsync("Server authentication finished (client trusted)");
    }

    static async Task<SaslOutcome.Success> LogInToCyrusAsync(PeerProgram server, ClientCredentials own, SaslSettings settings)
    {
        using var client = new SaslClientSession(Digest.Mechanism, own, _channel, settings);
        Assert.Equal(default, await client.StartAsync());
        await server.ReadAsync("S: ");
        await server.WriteBase64Async("C: ", "DIGEST-MD5"u8.ToArray());
        for (var i = 0; i < 2; i++)
        {
            var step = await client.StepAsync(await server.ReadBase64Async("S: "));
            await server.WriteBase64Async("C: ", step.Message ?? throw new InvalidOperationException($"{step.Outcome}\n{server}"));
        }
        await server.ReadAsync("Negotiation complete");
        return Assert.IsType<SaslOutcome.Success>(await client.FinishAsync(null));
    }

    static SaslSettings Settings(int least, int most) => SaslSettings.Default with { Policy = new() { MinSsf = least, MaxSsf = most } };

    static byte[] Wrap(SecurityLayer? layer, byte[] data)
    {
        if (layer is null)
            return data;
        var output = new ArrayBufferWriter<byte>();
        layer.Wrap(data, output);
        return output.WrittenSpan.ToArray();
    }

    static byte[] Unwrap(SecurityLayer? layer, byte[] packet)
    {
        if (layer is null)
            return packet;
        var output = new ArrayBufferWriter<byte>();
        var input = new ReadOnlySequence<byte>(packet);
        Assert.Equal(UnwrapResult.Data, layer.Unwrap(ref input, output));
        Assert.True(input.IsEmpty);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>A database of one user for Cyrus's sample server, which reads where it is from a file named after it.</summary>
    sealed class CyrusHouse(TemporaryDirectory directory) : IDisposable
    {
        public static async Task<CyrusHouse> MakeAsync(string name, string password)
        {
            var house = new CyrusHouse(new());
            await File.WriteAllTextAsync(house.Path("sample.conf"), $"pwcheck_method: auxprop\nauxprop_plugin: sasldb\nsasldb_path: {house.Path("sasldb2")}\n");
            using var made = new PeerProgram("saslpasswd2", ["-p", "-c", "-f", house.Path("sasldb2"), "-u", Host, name], ("SASL_CONF_PATH", house.Path("")));
            await made.WriteAsync(password);
            Assert.True(await made.EndAsync() == 0, made.ToString());
            return house;
        }

        public PeerProgram Serve(string strength) =>
            new("sasl-sample-server", ["-s", "imap", "-d", Host, "-m", "DIGEST-MD5", "-b", strength], ("SASL_CONF_PATH", Path("")));

        public void Dispose() => directory.Dispose();

        string Path(string name) => System.IO.Path.Combine(directory.Path, name);
    }
}
