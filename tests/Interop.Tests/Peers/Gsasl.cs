using Sasl.Mechanisms;

namespace Interop.Tests.Peers;

/// <summary>GNU gsasl on its standard streams: a line of base64 for each message, said whether there is something to say or not.</summary>
static class Gsasl
{
    public static async Task<string> VersionAsync() => (await LineProgram.RunAsync("gsasl", "--version")).Split('\n')[0].Split(' ')[^1];

    public static string Encode(byte[]? message) => Convert.ToBase64String(message ?? []);

    /// <summary>A prompt for a channel binding stands before the message that follows it, on the same line.</summary>
    public static byte[] Decode(string line) => Convert.FromBase64String(line[(line.LastIndexOf(' ') + 1)..]);

    /// <summary>What it would ask for with DIGEST-MD5. It takes integrity unless it is told not to.</summary>
    public static string[] Digest(Login login) => login.Mechanism == "DIGEST-MD5" ? ["--service", "imap", "--hostname", "localhost", "-r", "localhost", "--quality-of-protection=qop-auth"] : [];

    /// <summary>It asks for channel bindings where TLS gives none, unless it is told not to use any.</summary>
    public static string[] NoBinding(Login login) => login.Binding is null ? ["--no-cb"] : [];

    public static string[] Service(Login login) => login.Kerberos is null ? [] : ["--service", KerberosPlace.Service, "--hostname", KerberosPlace.Host];
}

/// <inheritdoc cref="Gsasl"/>
sealed class GsaslClient : ClientPeer
{
    public static readonly GsaslClient Instance = new();

    public override string Name => "GNU gsasl";

    public override string Evidence => "`gsasl --client-mechanisms`";

    protected override Task<string> AskVersionAsync() => Gsasl.VersionAsync();

    protected override async Task<IReadOnlySet<string>> AskMechanismsAsync() => Words(await LineProgram.RunAsync("gsasl", "--client-mechanisms"));

    public override async Task<IClientDialogue> StartAsync(Login login)
    {
        string[] more =
        [
            .. login.As.Length > 0 ? (string[])["-z", login.As] : [],
            .. login.Initial ? (string[])[] : ["--no-client-first"],
            .. Gsasl.NoBinding(login),
            .. Gsasl.Service(login),
            .. Gsasl.Digest(login),
        ];
        var program = new LineProgram("gsasl", ["--client", "-m", login.Mechanism, "-a", login.User, "-p", login.Password, "-n", login.User, .. more], null,
            KerberosPlace.Environment(login));
        await program.ReadAsync();
        if (login.Binding is { } binding)
        {
            // It asks for the exporter's first, then for the unique one.
            if (binding.Type == ChannelBindings.Unique)
                await program.WriteAsync("");
            await program.WriteAsync(Gsasl.Encode(binding.Data));
        }
        // It says nothing before it has heard of us; else an empty line, where it has nothing to say yet.
        byte[]? initial = null;
        if (login.Initial && await program.ReadAsync() is { } line && SaslMechanisms.Find(login.Mechanism)!.First != FirstMessage.Server)
            initial = Gsasl.Decode(line);
        return new Dialogue(program, initial);
    }

    sealed class Dialogue(LineProgram program, byte[]? initial) : IClientDialogue
    {
        public byte[]? Initial => initial;

        public string Transcript => program.Transcript;

        public async Task<byte[]?> AnswerAsync(byte[] challenge)
        {
            await program.WriteAsync(Gsasl.Encode(challenge));
            return await program.ReadAsync() is { } line ? Gsasl.Decode(line) : null;
        }

        public async Task<bool> SucceedAsync(byte[]? finalData)
        {
            if (finalData is not null && await AnswerAsync(finalData) is not [])
                return false;
            // For every line that it writes, be it empty, it wants one.
            await program.WriteAsync("");
            return await program.SaysAsync("Client authentication finished");
        }

        public ValueTask DisposeAsync() => program.DisposeAsync();
    }
}

/// <inheritdoc cref="Gsasl"/>
sealed class GsaslServer : ServerPeer
{
    public static readonly GsaslServer Instance = new();

    public override string Name => "GNU gsasl";

    public override string Evidence => "`gsasl --server-mechanisms`";

    public override bool KnowsUsers => false;

    protected override Task<string> AskVersionAsync() => Gsasl.VersionAsync();

    protected override async Task<IReadOnlySet<string>> AskMechanismsAsync() => Words(await LineProgram.RunAsync("gsasl", "--server-mechanisms"));

    public override Task<IServerDialogue> StartAsync(Login login) =>
        Task.FromResult<IServerDialogue>(new Dialogue(
            new("gsasl", ["--server", "-m", login.Mechanism, "-a", "alice", "-p", Login.Right, .. Gsasl.NoBinding(login), .. Gsasl.Service(login), .. Gsasl.Digest(login)], null,
                KerberosPlace.Environment(login)), login.Binding?.Data, login.Kerberos is not null));

    sealed class Dialogue(LineProgram program, byte[]? binding, bool isKerberos) : IServerDialogue
    {
        const string AsWhom = "Authzid: ", Principal = "Display Name: ";

        bool _isStarted;

        public string Transcript => program.Transcript;

        public async Task<ServerStep> StartAsync(string mechanism, byte[]? initial)
        {
            await program.ReadAsync();
            // Its first line is a challenge before it has heard anything: empty when the client speaks first.
            var said = await ReadAsync();
            return initial is null ? said : await AnswerAsync(initial);
        }

        public async Task<ServerStep> AnswerAsync(byte[] message)
        {
            await program.WriteAsync(Gsasl.Encode(message));
            // Its last challenge is followed by nothing; in GSSAPI that is the last but one.
            if (message.Length > 0 || !_isStarted || isKerberos)
            {
                if (!_isStarted && binding is not null)
                    await program.WriteAsync(Gsasl.Encode(binding));
                _isStarted = true;
                var said = await ReadAsync();
                if (said is not ServerStep.Challenge { Message.Length: 0 })
                    return said;
                // It has nothing to say, which is how it says yes: it still wants a line for its line.
                await program.WriteAsync("");
            }
            return await program.SaysAsync("Server authentication finished") ? new ServerStep.Yes(null, null) : new ServerStep.No(program.Errors);
        }

        public ValueTask DisposeAsync() => program.DisposeAsync();

        async Task<ServerStep> ReadAsync()
        {
            if (await program.ReadAsync() is { } line)
            {
                if (!line.StartsWith(AsWhom, StringComparison.Ordinal))
                    return new ServerStep.Challenge(Gsasl.Decode(line));
                // GSSAPI: it asks its user whether this principal may be that one.
                var principal = await program.ReadAsync() ?? "";
                await program.WriteAsync("y");
                await program.WriteAsync("");
                if (await program.SaysAsync("Server authentication finished"))
                    return new ServerStep.Yes(null, principal[Principal.Length..]);
            }
            await program.EndAsync();
            return new ServerStep.No(program.Errors);
        }
    }
}
