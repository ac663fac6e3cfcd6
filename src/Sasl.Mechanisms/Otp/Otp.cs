using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Sasl.Mechanisms;

/// <summary>
/// OTP (RFC 2444): one-time passwords (RFC 2289), each made by hashing the next one. Who listens cannot use what he heard; who steals the server's
/// secrets can only try pass-phrases.
/// </summary>
static class Otp
{
    const int LongestIdentity = 255, NewSequence = 499;

    public static async ValueTask<SaslOutcome> ServeAsync(ISaslDialogue client, ISaslCredentials credentials, CancellationToken stop)
    {
        var message = await client.FirstAsync();
        if (!TryReadIdentities(message.Span, out var authorizationId, out var authenticationId))
            return SaslOutcome.Malformed("not an authorization and an authentication identity");
        var request = new SecretRequest(authenticationId, SecretKind.Otp);
        var found = await credentials.FindSecretAsync(request, stop);
        if (found is { Secret: not OtpSecret, Verification.IsAccepted: true })
            found = SecretAnswer.Refused(FailureKind.BadCredentials, "no one-time passwords");
        // Made for everybody, so that its time tells nothing.
        var decoy = OtpSecret.Decoy(client.Settings, client.Channel.HostName, authenticationId);
        var secret = found.Secret as OtpSecret ?? decoy;
        if (secret.IsUsedUp)
            return new SaslOutcome.Failure(FailureKind.Expired, "all one-time passwords are used up", authenticationId);

        await using var held = await OtpLock.TryTakeAsync(credentials, request, secret, found.Secret is null, client.Settings);
        if (held is null)
            return new SaslOutcome.Failure(FailureKind.Temporary, "another login of this user is under way", authenticationId);
        var answer = OtpAnswer.Parse((await client.AskAsync(OtpChallenge.After(secret).ToBytes())).Span, secret.Algorithm);
        if (answer is null)
            return SaslOutcome.Malformed("not a one-time password", authenticationId);

        // RFC 2289 §7: hashed once more it is the one that was used last.
        var isRight = IsEqual(secret.Algorithm.Next(answer.Password), secret.LastPassword);
        // RFC 2243 §4: another seed, or the old passwords would come again.
        var next = answer.New is { } wanted && wanted.Seed != secret.Seed ? wanted : null;
        // What was sent is used up, even when what came with it is no good.
        if (isRight && found.Secret is not null && !await held.TryReplaceAsync(next ?? secret.Used(answer.Password)))
            return new SaslOutcome.Failure(FailureKind.Temporary, "the answer came too late: another login has taken its place", authenticationId);
        if (isRight && answer.IsNew && next is null)
            return SaslOutcome.Malformed("no sequence can begin like this", authenticationId);
        return await Authorization.DecideAsync(credentials, authenticationId, found, isRight, authorizationId, stop);
    }

    public static async ValueTask<SaslOutcome> RequestAsync(ISaslDialogue server, ClientCredentials own, CancellationToken stop)
    {
        if (own.AuthenticationId.Length == 0 || own.Password.IsEmpty || !IsIdentity(own.AuthenticationId) || !IsIdentity(own.AuthorizationId))
            return SaslOutcome.Malformed("the credentials cannot be used by OTP");
        var message = await server.AskAsync([.. Encoding.UTF8.GetBytes(own.AuthorizationId), 0, .. Encoding.UTF8.GetBytes(own.AuthenticationId)]);
        if (OtpChallenge.Parse(message.Span) is not { } challenge)
            return SaslOutcome.Malformed("not an extended challenge");
        var password = challenge.Algorithm.Compute(own.Password.Span, challenge.Seed, challenge.Sequence);
        var answer = challenge.Sequence < server.Settings.OtpRenewBelow && own.Password.Length >= OtpSecret.ShortestPassPhrase
            ? Renew(challenge, password, server, own) : string.Create(CultureInfo.InvariantCulture, $"hex:{password:x16}");
        return new SaslOutcome.Success(own.AuthenticationId, own.AuthorizationId, Encoding.ASCII.GetBytes(answer));
    }

    static string Renew(OtpChallenge challenge, ulong password, ISaslDialogue server, ClientCredentials own)
    {
        var random = new byte[4];
        string seed;
        do
        {
            server.Settings.Random(random);
            seed = OtpSecret.SeedOf(server.Channel.HostName, random);
        }
        while (seed == challenge.Seed);
        var first = challenge.Algorithm.Compute(own.Password.Span, seed, NewSequence);
        return string.Create(CultureInfo.InvariantCulture, $"init-hex:{password:x16}:{challenge.Algorithm.Name} {NewSequence} {seed}:{first:x16}");
    }

    // RFC 2444 §3: two fields of up to 255 octets and a NUL between them; only the first may be empty.
    static bool TryReadIdentities(ReadOnlySpan<byte> message, out string authorizationId, out string authenticationId)
    {
        (authorizationId, authenticationId) = ("", "");
        var nul = message.IndexOf((byte)0);
        return nul is >= 0 and <= LongestIdentity && message.Length - nul - 1 is >= 1 and <= LongestIdentity
            && SaslText.TryReadIdentity(message[..nul], out authorizationId) && SaslText.TryReadIdentity(message[(nul + 1)..], out authenticationId);
    }

    static bool IsIdentity(string identity) => SaslText.IsIdentity(identity) && Encoding.UTF8.GetByteCount(identity) <= LongestIdentity;

    static bool IsEqual(ulong left, ulong right) => CryptographicOperations.FixedTimeEquals(BitConverter.GetBytes(left), BitConverter.GetBytes(right));
}
