using System.Formats.Asn1;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Interop.Tests.Peers;
using Sasl.Mechanisms;

namespace Interop.Tests.Wire;

/// <summary>LDAP over TLS (RFC 4511), as far as a bind by SASL needs it: BER, a sequence of a number and one operation.</summary>
sealed class LdapConnection : IServerDialogue
{
    const int SaslBindInProgress = 14;

    static readonly Asn1Tag _bindRequest = Application(0), _bindResponse = Application(1), _searchRequest = Application(3), _searchEntry = Application(4),
        _extendedRequest = Application(23), _sasl = new(TagClass.ContextSpecific, 3), _credentials = new(TagClass.ContextSpecific, 7);

    readonly SslStream _tls;
    readonly StringBuilder _transcript = new();
    string _mechanism = "";
    int _number;

    LdapConnection(SslStream tls, string type, byte[] seen)
    {
        _tls = tls;
        Channel = new() { Service = "ldap", HostName = "localhost", IsEncrypted = true, Bindings = new ChannelBindings((type, seen)) };
        AsOpenLdapNamesIt = Channel with { Bindings = new ChannelBindings(("ldap", [.. Encoding.ASCII.GetBytes(type + ":"), .. seen])) };
    }

    public SaslChannel Channel { get; }

    /// <summary>OpenLDAP calls its bindings "ldap", and puts the registered name before the data instead.</summary>
    public SaslChannel AsOpenLdapNamesIt { get; }

    public string Transcript => _transcript.ToString();

    /// <param name="port">Of ldaps.</param>
    /// <param name="type">The channel binding to use: tls-unique gets TLS 1.2.</param>
    /// <param name="certificate">The client's own.</param>
    public static async Task<LdapConnection> ConnectAsync(int port, string type, X509Certificate2? certificate)
    {
        var tls = new SslStream(new TcpClient("127.0.0.1", port) { NoDelay = true }.GetStream(), false, (_, _, _, _) => true);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost", EnabledSslProtocols = type == ChannelBindings.Unique ? SslProtocols.Tls12 : SslProtocols.None,
            ClientCertificates = certificate is null ? null : [certificate], LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate!,
        });
        return new(tls, type, (await ChannelBindings.Of(tls).FindAsync(type, default))!);
    }

    /// <summary>The root's supportedSASLMechanisms (RFC 4512 §5.1).</summary>
    public async Task<string[]> MechanismsAsync()
    {
        await SendAsync(_searchRequest, request =>
        {
            request.WriteOctetString([]);
            const int baseObject = 0, neverDereference = 0;
            WriteEnumerated(request, baseObject);
            WriteEnumerated(request, neverDereference);
            request.WriteInteger(0);
            request.WriteInteger(0);
            request.WriteBoolean(false);
            request.WriteOctetString("objectClass"u8, new Asn1Tag(TagClass.ContextSpecific, 7));
            using (request.PushSequence())
                request.WriteOctetString("supportedSASLMechanisms"u8);
        });
        var entry = await ReadAsync(_searchEntry);
        entry.ReadOctetString();
        var values = entry.ReadSequence().ReadSequence();
        values.ReadOctetString();
        var set = values.ReadSetOf();
        var names = new List<string>();
        while (set.HasData)
            names.Add(Encoding.ASCII.GetString(set.ReadOctetString()));
        return [.. names];
    }

    public Task<ServerStep> StartAsync(string mechanism, byte[]? initial)
    {
        _mechanism = mechanism;
        return BindAsync(initial);
    }

    public Task<ServerStep> AnswerAsync(byte[] message) => BindAsync(message);

    public ValueTask DisposeAsync() => _tls.DisposeAsync();

    async Task<ServerStep> BindAsync(byte[]? credentials)
    {
        await SendAsync(_bindRequest, request =>
        {
            const int version = 3;
            request.WriteInteger(version);
            request.WriteOctetString([]);
            using var sasl = request.PushSequence(_sasl);
            request.WriteOctetString(Encoding.ASCII.GetBytes(_mechanism));
            if (credentials is not null)
                request.WriteOctetString(credentials);
        });
        var response = await ReadAsync(_bindResponse);
        var code = ReadEnumerated(response);
        response.ReadOctetString();
        var said = Encoding.UTF8.GetString(response.ReadOctetString());
        _transcript.AppendLine($"< {code} {said}");
        var data = response.HasData ? response.ReadOctetString(_credentials) : null;
        return code switch
        {
            SaslBindInProgress => new ServerStep.Challenge(data ?? []),
            0 => new ServerStep.Yes(data, await WhoAmIAsync()),
            _ => new ServerStep.No($"{code} {said}"),
        };
    }

    /// <summary>RFC 4532: the authorization identity; here the first name of its entry.</summary>
    async Task<string?> WhoAmIAsync()
    {
        await SendAsync(_extendedRequest, request => request.WriteOctetString("1.3.6.1.4.1.4203.1.11.3"u8, new Asn1Tag(TagClass.ContextSpecific, 0)));
        var response = await ReadAsync(Application(24));
        ReadEnumerated(response);
        response.ReadOctetString();
        response.ReadOctetString();
        var identity = response.HasData ? Encoding.UTF8.GetString(response.ReadOctetString(new Asn1Tag(TagClass.ContextSpecific, 11))) : "";
        _transcript.AppendLine($"< {identity}");
        return identity.Length == 0 ? "anonymous" : identity.Split('=', ',')[1];
    }

    async Task SendAsync(Asn1Tag operation, Action<AsnWriter> write)
    {
        var message = new AsnWriter(AsnEncodingRules.BER);
        using (message.PushSequence())
        {
            message.WriteInteger(++_number);
            using (message.PushSequence(operation))
                write(message);
        }
        await _tls.WriteAsync(message.Encode());
    }

    async Task<AsnReader> ReadAsync(Asn1Tag operation)
    {
        var head = new byte[2];
        await _tls.ReadExactlyAsync(head);
        var more = (head[1] & 0x80) == 0 ? [] : new byte[head[1] & 0x7f];
        await _tls.ReadExactlyAsync(more);
        var body = new byte[more.Aggregate(more.Length == 0 ? head[1] : 0, (length, b) => length << 8 | b)];
        await _tls.ReadExactlyAsync(body);
        var reader = new AsnReader(body, AsnEncodingRules.BER);
        reader.ReadInteger();
        return reader.ReadSequence(operation);
    }

    static Asn1Tag Application(int number) => new(TagClass.Application, number);

    static void WriteEnumerated(AsnWriter writer, byte value) => writer.WriteEncodedValue([0x0a, 1, value]);

    static int ReadEnumerated(AsnReader reader) => reader.ReadEnumeratedBytes().Span[0];
}
