using System.Text;
using System.Text.Json;

namespace Sasl.Mechanisms;

/// <summary>OAUTHBEARER (RFC 7628): a GS2 header, then key-value pairs with a bearer token.</summary>
static class OAuthBearer
{
    public static async ValueTask<SaslOutcome> ServeAsync(ISaslDialogue client, ISaslCredentials credentials, CancellationToken stop)
    {
        var message = await client.FirstAsync();
        if (!Gs2Header.TryRead(message.Span, out var header, out var length) || header.Binding == BindingUse.Used)
            return SaslOutcome.Malformed("not a GS2 header");
        // RFC 7628 §3.1: the header ends with a byte 0x01 where other mechanisms go on at once.
        if (message.Span[length..] is not [1, ..] || !BearerMessage.TryReadToken(message[(length + 1)..], out var token))
            return SaslOutcome.Malformed("not key-value pairs with a bearer token");
        return await BearerMessage.DecideAsync(client, credentials, header.AuthorizationId, header.AuthorizationId, token, Error(client.Settings), stop);
    }

    public static async ValueTask<SaslOutcome> RequestAsync(ISaslDialogue server, ClientCredentials own, CancellationToken stop)
    {
        var user = own.AuthorizationId.Length > 0 ? own.AuthorizationId : own.AuthenticationId;
        if (!SaslText.IsIdentity(user) || !BearerMessage.IsToken(own.Token.Span))
            return SaslOutcome.Malformed("name or token cannot be sent by OAUTHBEARER");
        var host = server.Channel.HostName;
        byte[] message =
        [
            .. Encoding.UTF8.GetBytes(new Gs2Header(BindingUse.None, "", user).ToString()), 1,
            .. Encoding.UTF8.GetBytes(host.Length > 0 ? $"host={host}\x01" : ""), .. "auth=Bearer "u8, .. own.Token.Span, 1, 1,
        ];
        // RFC 7628 §3.2.3: the answer to an error is one byte 0x01.
        return await BearerMessage.RequestAsync(server, own, message, [1]);
    }

    static byte[] Error(SaslSettings settings)
    {
        var scope = settings.OAuthScope is { } s ? $",\"scope\":\"{JsonEncodedText.Encode(s)}\"" : "";
        var configuration = settings.OpenIdConfiguration is { } url ? $",\"openid-configuration\":\"{JsonEncodedText.Encode(url)}\"" : "";
        return Encoding.UTF8.GetBytes($"{{\"status\":\"invalid_token\"{scope}{configuration}}}");
    }
}
