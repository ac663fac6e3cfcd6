using System.Text;
using System.Text.Json;

namespace Sasl.Mechanisms;

/// <summary>XOAUTH2: what Google's and Microsoft's mail services spoke before RFC 7628, with a user name in place of the GS2 header.</summary>
static class XOAuth2
{
    public static async ValueTask<SaslOutcome> ServeAsync(ISaslDialogue client, ISaslCredentials credentials, CancellationToken stop)
    {
        var message = await client.FirstAsync();
        var end = message.Span.IndexOf((byte)1);
        if (end < 0 || !message.Span.StartsWith("user="u8) || !SaslText.TryReadIdentity(message.Span["user=".Length..end], out var user) || user.Length == 0)
            return SaslOutcome.Malformed("no user");
        if (!BearerMessage.TryReadToken(message[(end + 1)..], out var token))
            return SaslOutcome.Malformed("not key-value pairs with a bearer token");
        return await BearerMessage.DecideAsync(client, credentials, user, user, token, Error(client.Settings), stop);
    }

    public static async ValueTask<SaslOutcome> RequestAsync(ISaslDialogue server, ClientCredentials own, CancellationToken stop)
    {
        var user = own.AuthorizationId.Length > 0 ? own.AuthorizationId : own.AuthenticationId;
        if (user.Length == 0 || !SaslText.IsIdentity(user) || user.Contains('\x01') || !BearerMessage.IsToken(own.Token.Span))
            return SaslOutcome.Malformed("name or token cannot be sent by XOAUTH2");
        byte[] message = [.. "user="u8, .. Encoding.UTF8.GetBytes(user), 1, .. "auth=Bearer "u8, .. own.Token.Span, 1, 1];
        return await BearerMessage.RequestAsync(server, own, message, []);
    }

    static byte[] Error(SaslSettings settings)
    {
        var scope = settings.OAuthScope is { } s ? $",\"scope\":\"{JsonEncodedText.Encode(s)}\"" : "";
        return Encoding.UTF8.GetBytes($"{{\"status\":\"400\",\"schemes\":\"bearer\"{scope}}}");
    }
}
