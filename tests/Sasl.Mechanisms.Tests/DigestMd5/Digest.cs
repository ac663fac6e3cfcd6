using System.Text;

namespace Sasl.Mechanisms.Tests.DigestMd5;

/// <summary>What the tests of DIGEST-MD5 share: one server, one user, and a client written by hand, so that it can be wrong.</summary>
static class Digest
{
    public const string Host = "mail.example.org", Nonce = "c2VydmVyIG5vbmNl";

    public static SaslMechanism Mechanism { get; } = SaslMechanisms.Find("DIGEST-MD5")!;

    public static SaslChannel Channel { get; } = new() { Service = "imap", HostName = Host };

    /// <summary>The server's nonce known beforehand, and all layers.</summary>
    public static SaslSettings Settings { get; } = SaslSettings.Default with { Nonce = Encoding.ASCII.GetBytes(Nonce), Policy = new() { MaxSsf = 128 } };

    public static ClientCredentials Own { get; } = new("user", "", "pencil"u8.ToArray());

    public static OneSecret Credentials { get; } = new(new CleartextSecret("pencil"u8.ToArray()));

    /// <summary>The directives of a right response by "user"; change them and sign.</summary>
    public static DigestResponse Response { get; } = new()
    {
        Name = "user"u8.ToArray(), Realm = Bytes(Host), Nonce = Bytes(Nonce), ClientNonce = "client"u8.ToArray(), Count = 1, Uri = "imap/mail.example.org"u8.ToArray(), IsUtf8 = true,
    };

    /// <summary>With the proof that its directives want.</summary>
    public static DigestResponse Sign(DigestResponse response, string password = "pencil")
    {
        var secret = DigestHash.Secret(response.Name, response.Realm ?? [], Bytes(password));
        return response with { Proof = DigestHash.Proof(DigestHash.SessionKey(secret, response), response, isServers: false) };
    }

    public static Task<SaslOutcome> AnswerAsync(DigestResponse response, SaslSettings? settings = null, SaslChannel? channel = null, ISaslCredentials? credentials = null) =>
        AnswerAsync(response.Write(), settings, channel, credentials);

    /// <summary>What the server makes of this answer to its challenge.</summary>
    public static async Task<SaslOutcome> AnswerAsync(byte[] response, SaslSettings? settings = null, SaslChannel? channel = null, ISaslCredentials? credentials = null)
    {
        using var server = new SaslServerSession(Mechanism, credentials ?? Credentials, channel ?? Channel, settings ?? Settings);
        Assert.NotNull((await server.StepAsync(null)).Message);
        return Assert.IsAssignableFrom<SaslOutcome>((await server.StepAsync(response)).Outcome);
    }

    /// <summary>Client against server, to the outcomes of both and the number of messages from the client.</summary>
    public static async Task<(SaslOutcome Client, SaslOutcome Server, int Messages)> PlayAsync(SaslSettings clients, SaslSettings servers, ClientCredentials? own = null,
        ISaslCredentials? credentials = null, bool initial = true)
    {
        using var client = new SaslClientSession(Mechanism, own ?? Own, Channel, clients);
        using var server = new SaslServerSession(Mechanism, credentials ?? Credentials, Channel, servers);
        var message = (await client.StartAsync(initial)).Message;
        var messages = message is null ? 0 : 1;
        var step = await server.StepAsync(message);
        while (step.Message is { } challenge)
        {
            var answer = await client.StepAsync(challenge);
            if (answer.Message is null)
                return (answer.Outcome!, SaslOutcome.Malformed("the client gave up"), messages);
            step = await server.StepAsync(answer.Message);
            messages++;
        }
        var final = (step.Outcome as SaslOutcome.Success)?.FinalData;
        return (await client.FinishAsync(final), step.Outcome!, messages);
    }

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(byte[]? bytes) => Encoding.UTF8.GetString(bytes!);
}
