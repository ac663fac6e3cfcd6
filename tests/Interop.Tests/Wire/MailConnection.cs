using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Interop.Tests.Peers;
using Sasl.Hosting.Unix;
using Sasl.Mechanisms;

namespace Interop.Tests.Wire;

/// <summary>Our client's side of SMTP or IMAP, as far as a login needs it.</summary>
sealed class MailConnection : IServerDialogue
{
    readonly Lines _lines;
    readonly bool _isImap;
    byte[]? _kept;

    MailConnection(Lines lines, bool isImap) => (_lines, _isImap) = (lines, isImap);

    /// <summary>The server's offer as it stands.</summary>
    public IReadOnlyList<string> Mechanisms { get; private set; } = [];

    /// <summary>With the bindings of its TLS, after STARTTLS.</summary>
    public SaslChannel Channel { get; private set; } = SaslChannel.Unknown;

    public string Transcript => _lines.Transcript.ToString();

    bool HasInitialResponse { get; set; }

    /// <param name="isImap">Else SMTP.</param>
    /// <param name="port">On this machine.</param>
    /// <param name="startTls">Before the offer is asked for. Any certificate will do.</param>
    /// <param name="protocols">TLS versions.</param>
    /// <param name="certificate">The client's own.</param>
    public static async Task<MailConnection> ConnectAsync(bool isImap, int port, bool startTls, SslProtocols protocols = SslProtocols.None, X509Certificate2? certificate = null)
    {
        var tcp = new TcpClient("127.0.0.1", port) { NoDelay = true };
        var connection = new MailConnection(new(tcp.GetStream()), isImap) { Channel = new() { Service = isImap ? "imap" : "smtp", HostName = "localhost" } };
        await connection._lines.ReadAsync();
        if (!isImap)
            await connection.SayAsync("EHLO client.example.org");
        if (startTls)
            await connection.SecureAsync(protocols, certificate);
        await connection.AskAsync();
        return connection;
    }

    public async Task<ServerStep> StartAsync(string mechanism, byte[]? initial)
    {
        if (!HasInitialResponse)
            (_kept, initial) = (initial, null);
        await _lines.WriteAsync($"{(_isImap ? "a AUTHENTICATE" : "AUTH")} {mechanism}{(initial is null ? "" : initial.Length == 0 ? " =" : " " + Convert.ToBase64String(initial))}");
        return await ReadAsync();
    }

    public async Task<ServerStep> AnswerAsync(byte[] message)
    {
        await _lines.WriteAsync(Convert.ToBase64String(message));
        return await ReadAsync();
    }

    public ValueTask DisposeAsync() => _lines.DisposeAsync();

    async Task<ServerStep> ReadAsync()
    {
        while (await _lines.ReadAsync() is { } line)
        {
            if (_isImap && line.StartsWith("* ", StringComparison.Ordinal))
                continue;
            if (line.StartsWith(_isImap ? "+" : "334", StringComparison.Ordinal))
            {
                var challenge = Convert.FromBase64String(line[(_isImap ? 1 : 3)..].Trim());
                if (_kept is not { } kept || challenge.Length > 0)
                    return new ServerStep.Challenge(challenge);
                _kept = null;
                return await AnswerAsync(kept);
            }
            return line.StartsWith(_isImap ? "a OK" : "235", StringComparison.Ordinal) ? new ServerStep.Yes(null, null) : new ServerStep.No(line);
        }
        return new ServerStep.No("hung up");
    }

    async Task SecureAsync(SslProtocols protocols, X509Certificate2? certificate)
    {
        await SayAsync(_isImap ? "a STARTTLS" : "STARTTLS");
        var tls = new SslStream(_lines.Stream, false, (_, _, _, _) => true);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost", EnabledSslProtocols = protocols, ClientCertificates = certificate is null ? null : [certificate],
            // The server's list of authorities is not asked.
            LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate!,
        });
        _lines.Stream = tls;
        Channel = Channel with { IsEncrypted = true, ExternalSsf = 128, Bindings = ChannelBindings.Of(tls, exporter: tls.SslProtocol == SslProtocols.Tls13 ? TlsExporter.Export(tls) : null) };
    }

    async Task AskAsync()
    {
        var words = (await SayAsync(_isImap ? "a CAPABILITY" : "EHLO client.example.org")).SelectMany(line => line.Split(' ', '-')[0] is "250" ? line[4..].Split(' ') : line.Split(' ')).ToArray();
        HasInitialResponse = !_isImap || words.Contains("SASL-IR");
        Mechanisms = _isImap ? [.. words.Where(w => w.StartsWith("AUTH=", StringComparison.Ordinal)).Select(w => w["AUTH=".Length..])] : [.. words.SkipWhile(w => w != "AUTH").Skip(1)];
    }

    /// <summary>A command and its whole answer.</summary>
    async Task<List<string>> SayAsync(string command)
    {
        await _lines.WriteAsync(command);
        var said = new List<string>();
        while (await _lines.ReadAsync() is { } line)
        {
            said.Add(line);
            if (_isImap ? line.StartsWith("a ", StringComparison.Ordinal) : line.Length < 4 || line[3] != '-')
                return said;
        }
        throw new IOException($"it hung up:\n{Transcript}");
    }
}
