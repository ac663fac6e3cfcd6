using System.Text;
using Sasl.Mechanisms;

namespace Interop.Tests.Peers;

/// <summary>
/// Cyrus SASL's sample programs on their standard streams: "C: " and "S: " with base64, between lines for humans. The client's first message
/// holds the mechanism's name and, behind a NUL, the initial response.
/// </summary>
static class Cyrus
{
    /// <summary>Its programs do not say a version; the daemon of the same package does.</summary>
    public static async Task<string> VersionAsync()
    {
        await using var daemon = new LineProgram("saslauthd", ["-v"]);
        await daemon.EndAsync();
        return daemon.Errors.Split('\n')[0].Split(' ')[^1];
    }

    /// <param name="side">"-c" or "-s".</param>
    public static async Task<string> MechanismsAsync(string side)
    {
        var lines = (await LineProgram.RunAsync("saslpluginviewer", side)).Split('\n');
        var title = Array.FindIndex(lines, line => line.StartsWith("Installed and properly configured SASL", StringComparison.Ordinal));
        return lines[title + 1];
    }

    public static async Task<byte[]?> ReadAsync(LineProgram program, string from)
    {
        while (await program.ReadAsync() is { } line)
        {
            if (line.StartsWith(from, StringComparison.Ordinal))
                return Convert.FromBase64String(line[from.Length..]);
            if (line == Complete)
                return null;
        }
        return null;
    }

    public static string[] Layer(Login login) => login.Kerberos is null ? [] : ["-b", $"min={login.Layer.Least},max={login.Layer.Most}"];

    public const string Complete = "Negotiation complete";

    /// <summary>What it took out of a packet of the security layer.</summary>
    public static async Task<string?> ReadOpenedAsync(LineProgram program)
    {
        const string opened = "recieved decoded message '";
        while (await program.ReadAsync() is { } line)
        {
            if (line.StartsWith(opened, StringComparison.Ordinal))
                return line[opened.Length..].TrimEnd('\'');
        }
        return null;
    }

    public static bool IsComplete(LineProgram program) => program.Transcript.Contains($"\n< {Complete}\n", StringComparison.Ordinal);
}

/// <inheritdoc cref="Cyrus"/>
sealed class CyrusClient : ClientPeer
{
    public static readonly CyrusClient Instance = new();

    public override string Name => "Cyrus SASL";

    public override string Evidence => "`saslpluginviewer -c`; -PLUS is SCRAM with its feature CHANNEL_BINDING, by imtest and smtptest, as sasl-sample-client has no TLS; OTP by Perl's Authen::SASL::Cyrus";

    protected override Task<string> AskVersionAsync() => Cyrus.VersionAsync();

    protected override async Task<IReadOnlySet<string>> AskMechanismsAsync()
    {
        var names = Words(await Cyrus.MechanismsAsync("-c"));
        return names.Concat(names.Where(name => name.StartsWith("SCRAM-", StringComparison.Ordinal)).Select(name => name + "-PLUS")).ToHashSet();
    }

    public override async Task<IClientDialogue> StartAsync(Login login) => login.Mechanism == "OTP" ? await StartPerlAsync(login) : await StartSampleAsync(login);

    public static async Task<IClientDialogue> StartSampleAsync(Login login)
    {
        string[] more =
        [
            .. login.As.Length > 0 ? (string[])["-u", login.As] : [],
            .. login.Initial ? (string[])[] : ["-d"],
            .. login.Mechanism == "EXTERNAL" ? (string[])["-e", "id=" + login.User] : [],
            .. Cyrus.Layer(login),
        ];
        var program = new LineProgram("sasl-sample-client", ["-s", "imap", "-n", "localhost", "-m", login.Mechanism, "-a", login.User, .. more], [("Password: ", login.Password)],
            KerberosPlace.Environment(login));
        await program.WriteAsync("S: " + Convert.ToBase64String(Encoding.ASCII.GetBytes(login.Mechanism)));
        var first = await Cyrus.ReadAsync(program, "C: ") ?? throw new InvalidOperationException(program.Transcript);
        var nul = Array.IndexOf(first, (byte)0);
        // Told not to speak first, it still puts the NUL there, with nothing behind it.
        return new Dialogue(program, nul < 0 || !login.Initial && nul == first.Length - 1 ? null : first[(nul + 1)..]);
    }

    // The library asks a program for a one-time password, and only one that cannot be asked for a pass-phrase. It says what the sample program would.
    const string Perl = """
        use Authen::SASL; use MIME::Base64; $| = 1;
        my ($mechanism, $user, $as, $password, $initial) = @ARGV;
        my $sasl = Authen::SASL->new(mechanism => $mechanism, callback => {user => $as || $user, authname => $user, pass => $password});
        my $client = $sasl->client_new("imap", "localhost");
        my $first = $client->client_start;
        print "C: ", encode_base64($initial ? "$mechanism\0$first" : $mechanism, ""), "\n";
        while (<STDIN>) {
            s/^S: //;
            my $challenge = decode_base64($_);
            my $answer = !$initial && $challenge eq "" ? $first : $client->client_step($challenge);
            die $client->error if !defined $answer;
            print "C: ", encode_base64($answer, ""), "\n";
            print "Negotiation complete\n" if $client->code == 0;
        }
        """;

    static async Task<IClientDialogue> StartPerlAsync(Login login)
    {
        var program = new LineProgram("perl", ["-e", Perl, "--", login.Mechanism, login.User, login.As, login.Password, login.Initial ? "1" : ""], null, await CyrusServer.WithMd4Async());
        var first = await Cyrus.ReadAsync(program, "C: ") ?? throw new InvalidOperationException(program.Transcript);
        return new Dialogue(program, login.Initial ? first[(login.Mechanism.Length + 1)..] : null);
    }

    sealed class Dialogue(LineProgram program, byte[]? initial) : IClientDialogue, ILayered
    {
        public byte[]? Initial => initial;

        public Task WriteAsync(byte[] wire) => program.WriteAsync("S: " + Convert.ToBase64String(wire));

        public Task<byte[]?> ReadAsync() => Cyrus.ReadAsync(program, "C: ");

        public Task<string?> ReadOpenedAsync() => Cyrus.ReadOpenedAsync(program);

        public string Transcript => program.Transcript;

        public async Task<byte[]?> AnswerAsync(byte[] challenge)
        {
            await program.WriteAsync("S: " + Convert.ToBase64String(challenge));
            return await Cyrus.ReadAsync(program, "C: ");
        }

        public async Task<bool> SucceedAsync(byte[]? finalData)
        {
            if (finalData is not null)
                await program.WriteAsync("S: " + Convert.ToBase64String(finalData));
            while (!Cyrus.IsComplete(program) && await program.ReadAsync() is not null)
            {
            }
            return Cyrus.IsComplete(program);
        }

        public ValueTask DisposeAsync() => program.DisposeAsync();
    }
}

/// <inheritdoc cref="Cyrus"/>
sealed class CyrusServer : ServerPeer
{
    public static readonly CyrusServer Instance = new();

    // A database of one user; Cyrus reads where it is from a file named after the program.
    static readonly Lazy<Task<string>> _configuration = new(() => Task.Run(async () =>
    {
        var directory = await ConfigureAsync("alice", Login.Right);
        await CyrusDatabase.AddAsync(directory, OtpHash.All.Select(hash => (hash.Name, new OtpSecret(hash, 499, "ours01", hash.Compute(Encoding.ASCII.GetBytes(Login.Right), "ours01", 499)))));
        await File.WriteAllTextAsync($"{directory}/openssl.cnf", """
            openssl_conf = init
            [init]
            providers = providers
            [providers]
            default = on
            legacy = on
            [on]
            activate = 1

            """);
        return directory;
    }));

    /// <summary>OpenSSL 3 has MD4 only when it is told to; without it Cyrus SASL's OTP falls over.</summary>
    public static async Task<(string, string)> WithMd4Async() => ("OPENSSL_CONF", $"{await _configuration.Value}/openssl.cnf");

    public override string Name => "Cyrus SASL";

    public override string Evidence => "`saslpluginviewer -s` (sasl-sample-server has no channel bindings)";

    public override bool HasSuccessData => true;

    protected override Task<string> AskVersionAsync() => Cyrus.VersionAsync();

    protected override async Task<IReadOnlySet<string>> AskMechanismsAsync() => Words(await Cyrus.MechanismsAsync("-s"));

    public override async Task<IServerDialogue> StartAsync(Login login)
    {
        string[] more = [.. login.SuccessData ? (string[])["-l"] : [], .. login.Mechanism == "EXTERNAL" ? (string[])["-e", "id=alice"] : [], .. Cyrus.Layer(login)];
        var domain = login.Kerberos is null ? CyrusDatabase.Realm : KerberosPlace.Host;
        var program = new LineProgram("sasl-sample-server", ["-s", "imap", "-d", domain, "-m", login.Mechanism, .. more], null,
            [("SASL_CONF_PATH", await _configuration.Value), await WithMd4Async(), .. KerberosPlace.Environment(login)]);
        await Cyrus.ReadAsync(program, "S: ");
        return new Dialogue(program);
    }

    /// <summary>Makes a database of one user; the path goes into SASL_CONF_PATH.</summary>
    public static async Task<string> ConfigureAsync(string user, string password)
    {
        var directory = Daemon.MakeDirectory();
        await CyrusDatabase.MakeAsync(directory, $"{directory}/sample.conf", user, password);
        // There is no daemon, but a directory that is to go.
        _ = new Daemon(directory, "sleep", "infinity");
        return directory;
    }

    sealed class Dialogue(LineProgram program) : IServerDialogue, ILayered
    {
        public string Transcript => program.Transcript;

        public Task WriteAsync(byte[] wire) => program.WriteAsync("C: " + Convert.ToBase64String(wire));

        public Task<byte[]?> ReadAsync() => Cyrus.ReadAsync(program, "S: ");

        public Task<string?> ReadOpenedAsync() => Cyrus.ReadOpenedAsync(program);

        public Task<ServerStep> StartAsync(string mechanism, byte[]? initial)
        {
            var name = Encoding.ASCII.GetBytes(mechanism);
            return AnswerAsync(initial is null ? name : [.. name, 0, .. initial]);
        }

        public async Task<ServerStep> AnswerAsync(byte[] message)
        {
            await program.WriteAsync("C: " + Convert.ToBase64String(message));
            if (await Cyrus.ReadAsync(program, "S: ") is { } challenge)
                return new ServerStep.Challenge(challenge);
            if (!Cyrus.IsComplete(program))
            {
                await program.EndAsync();
                return new ServerStep.No(program.Errors);
            }
            const string last = "S: ", identity = "Username: ";
            byte[]? finalData = null;
            while (await program.ReadAsync() is { } line)
            {
                if (line.StartsWith(last, StringComparison.Ordinal))
                    finalData = Convert.FromBase64String(line[last.Length..]);
                if (line.StartsWith(identity, StringComparison.Ordinal))
                    return new ServerStep.Yes(finalData, line[identity.Length..]);
            }
            return new ServerStep.No(program.Transcript);
        }

        public ValueTask DisposeAsync() => program.DisposeAsync();
    }
}
