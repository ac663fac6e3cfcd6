using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Interop.Tests.Peers;
using Sasl.Hosting.Unix;
using Sasl.Mechanisms;
using Testing;

namespace Interop.Tests.Wire;

/// <summary>As much of SMTP and IMAP as a client needs to log in, with STARTTLS, on our <see cref="SaslServer"/>.</summary>
sealed class TestServer : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _stop = new();
    readonly ConcurrentQueue<SaslOutcome> _outcomes = new();
    readonly ConcurrentQueue<string> _bindingsAsked = new();
    readonly ConcurrentQueue<Lines> _connections = new();
    readonly TestServerOptions _options;
    readonly SaslServer _sasl;

    public TestServer(TestServerOptions options)
    {
        _options = options;
        _sasl = new(options.House, new() { Policy = new() { NoAnonymous = false }, Keytab = options.Keytab }, options.Mechanisms?.Select(name => SaslMechanisms.Find(name)!));
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How the exchanges ended, in their order; at least one. A client may know of its end before the server does.</summary>
    public async Task<IReadOnlyList<SaslOutcome>> OutcomesAsync()
    {
        await Eventually.TrueAsync(() => !_outcomes.IsEmpty, "an exchange with the server ends", null, () => Transcript);
        return [.. _outcomes];
    }

    /// <summary>The types of channel binding that clients used.</summary>
    public IReadOnlyList<string> BindingsAsked => [.. _bindingsAsked];

    public string Transcript => string.Join('\n', _connections.Select(c => c.Transcript.ToString()));

    async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            TcpClient tcp;
            try
            {
                tcp = await _listener.AcceptTcpClientAsync(_stop.Token);
            }
            catch (Exception end) when (end is OperationCanceledException or SocketException)
            {
                return;
            }
            _ = Task.Run(async () =>
            {
                await using var lines = new Lines(tcp.GetStream());
                _connections.Enqueue(lines);
                try
                {
                    await ServeAsync(lines);
                }
                catch (Exception gone) when (gone is IOException or AuthenticationException or OperationCanceledException)
                {
                    lines.Transcript.AppendLine(gone.Message);
                }
            });
        }
    }

    async Task ServeAsync(Lines lines)
    {
        var speech = _options.IsImap ? (Speech)new ImapSpeech(_options.InitialResponse) : new SmtpSpeech();
        var channel = new SaslChannel { Service = _options.IsImap ? "imap" : "smtp", HostName = "localhost" };
        await lines.WriteAsync(speech.Greeting);
        while (await lines.ReadAsync() is { } line)
        {
            var (verb, argument) = speech.Hear(line);
            switch (verb)
            {
                case "STARTTLS":
                    await lines.WriteAsync(speech.Go);
                    channel = await SecureAsync(lines, channel);
                    break;
                case "EHLO" or "CAPABILITY":
                    var names = channel.IsEncrypted ? _options.Announced ?? [.. _sasl.Offer(channel).Select(m => m.Name)] : [];
                    foreach (var reply in speech.Announce(names, startTls: !channel.IsEncrypted))
                        await lines.WriteAsync(reply);
                    break;
                case "AUTH" or "AUTHENTICATE":
                    await AuthenticateAsync(lines, speech, channel, argument);
                    break;
                case "QUIT" or "LOGOUT":
                    await lines.WriteAsync(speech.Bye);
                    if (lines.Stream is SslStream tls)
                        await tls.ShutdownAsync();
                    return;
                default:
                    await lines.WriteAsync(speech.Other);
                    break;
            }
        }
    }

    async Task<SaslChannel> SecureAsync(Lines lines, SaslChannel channel)
    {
        var tls = new SslStream(lines.Stream);
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
        {
            ServerCertificate = Certificates.Server, EnabledSslProtocols = _options.Tls, ClientCertificateRequired = false,
        });
        lines.Stream = tls;
        var bindings = _options.Lie ?? ChannelBindings.Of(tls, Certificates.Server, tls.SslProtocol == SslProtocols.Tls13 ? TlsExporter.Export(tls) : null);
        return channel with { IsEncrypted = true, ExternalSsf = 128, Bindings = new Recorded(bindings, _bindingsAsked) };
    }

    async Task AuthenticateAsync(Lines lines, Speech speech, SaslChannel channel, string argument)
    {
        var words = argument.Split(' ');
        var (session, reason) = _sasl.Start(words[0], channel);
        if (session is null)
        {
            _outcomes.Enqueue(SaslOutcome.Malformed(reason));
            await lines.WriteAsync(speech.No);
            return;
        }
        using (session)
        {
            // RFC 4954 §4, RFC 4959 §3: "=" is a response of no bytes.
            var step = await session.StepAsync(words.Length == 1 ? null : words[1] == "=" ? [] : Convert.FromBase64String(words[1]));
            var finalIsOut = false;
            while (true)
            {
                var challenge = step.Message;
                if (step.Outcome is SaslOutcome.Success { FinalData: { } last } && !finalIsOut)
                    (challenge, finalIsOut) = (last, true);
                if (challenge is null)
                    break;
                await lines.WriteAsync(speech.Challenge(challenge));
                if (await lines.ReadAsync() is not { } answer || answer == "*")
                {
                    _outcomes.Enqueue(new SaslOutcome.Failure(FailureKind.ServerNotTrusted, "the client gave up"));
                    await lines.WriteAsync(speech.No);
                    return;
                }
                // RFC 4422 §3.6: neither protocol has room for data in its success; the client answers it with nothing.
                if (!finalIsOut)
                    step = await session.StepAsync(Convert.FromBase64String(answer));
            }
            _outcomes.Enqueue(step.Outcome!);
            await lines.WriteAsync(step.Outcome is SaslOutcome.Success ? speech.Yes : speech.No);
        }
    }

    public ValueTask DisposeAsync()
    {
        _stop.Cancel();
        _listener.Stop();
        _stop.Dispose();
        return ValueTask.CompletedTask;
    }

    sealed class Recorded(IChannelBindings bindings, ConcurrentQueue<string> asked) : IChannelBindings
    {
        public IReadOnlyList<string> Types => bindings.Types;

        public ValueTask<byte[]?> FindAsync(string type, CancellationToken stop)
        {
            asked.Enqueue(type);
            return bindings.FindAsync(type, stop);
        }
    }
}

/// <param name="IsImap">Else SMTP.</param>
sealed record TestServerOptions(bool IsImap)
{
    public Sasl.Mechanisms.ISaslCredentials House { get; init; } = new House();

    public SslProtocols Tls { get; init; } = SslProtocols.Tls13;

    /// <summary>What can be used; null for everything.</summary>
    public string[]? Mechanisms { get; init; }

    /// <summary>What is announced; null for what can be used.</summary>
    public string[]? Announced { get; init; }

    /// <summary>IMAP: SASL-IR is announced.</summary>
    public bool InitialResponse { get; init; } = true;

    /// <summary>The service's Kerberos keys.</summary>
    public string? Keytab { get; init; }

    /// <summary>Bindings in the place of the connection's own.</summary>
    public IChannelBindings? Lie { get; init; }
}
