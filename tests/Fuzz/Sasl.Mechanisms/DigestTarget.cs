using System.Text;
using Sasl.Mechanisms;

namespace Fuzz;

/// <summary>The messages of DIGEST-MD5: what is read is written and read back the same, within the RFC's lengths.</summary>
static class DigestTarget
{
    public static readonly string[] Responses =
    [
        "charset=utf-8,username=\"chris\",realm=\"elwood.innosoft.com\",nonce=\"OA6MG9tEQGm2hh\",nc=00000001,cnonce=\"OA6MHXh6VqTrRk\",digest-uri=\"imap/elwood.innosoft.com\",response=d388dad90d4bbd760a152321f2143af7,qop=auth",
        " , Charset = \"UTF-8\"\t,,userName=\"c\\h\\\"ri\u00c3\u00a4s\" , cnonce=\"x\",nonce=\"y\" , REALM=\"\",nc=0000ffff,x=1,x=\"2,=\\\"\",\r\n response=d388dad90d4bbd760a152321f2143af7, digest-uri = \"a/b/c\",qop=auth-conf,cipher=3des,maxbuf=17,authzid=\"\"",
        "username=\"", "=", ",,,", "nc=00000001,nc=00000001", "username=\"\\",
    ];

    public static readonly string[] Challenges =
    [
        "realm=\"elwood.innosoft.com\",nonce=\"OA6MG9tEQGm2hh\",qop=\"auth\",algorithm=md5-sess,charset=utf-8",
        "nonce=\"abc\",realm=\"a\",realm=\"b \\\\\",qop=\"auth, auth-int ,,auth-conf\",cipher=\"rc4-40,rc4-56,rc4,des,3des,aes\",stale=true,maxbuf=65536,algorithm=\"md5-sess\",opaque=\"x\"",
        "nonce=\"a\",algorithm=md5-sess,qop=\"\"", "nonce=\"", "algorithm=md5-sess,algorithm=md5-sess",
    ];

    public static void RunResponse(ReadOnlySpan<byte> input)
    {
        if (!DigestResponse.TryParse(input, out var response, out var reason))
        {
            Check.IsOneLine(reason, "a reason");
            Check.That(reason.Length > 0, "a refusal without a reason");
            return;
        }
        Check.That(input.Length < DigestResponse.TooLong && response is { Count: > 0, Name.Length: > 0, Nonce.Length: > 0, ClientNonce.Length: > 0, Proof.Length: 32 }, "a response that lacks something");
        Check.That(DigestHash.ToLatin1(response.Name).Length <= response.Name.Length, "a name that grows");
        // Words that we do not know are not written by us.
        if (response.Find(DigestProtection.All) is not { } protection)
            return;
        var written = (response with { Cipher = protection.Cipher, Qop = Encoding.ASCII.GetBytes(protection.Qop) }).Write();
        if (written.Length >= DigestResponse.TooLong)
            return;
        Check.That(DigestResponse.TryParse(written, out var again, out _), "our own response is refused");
        Check.Same(written, again.Write(), "a response");
        Check.Same(response.Name, again.Name, "a name");
        Check.Same(response.Realm, again.Realm, "a realm");
        Check.Same(response.AuthorizationId, again.AuthorizationId, "an authorization identity");
    }

    public static void RunChallenge(ReadOnlySpan<byte> input)
    {
        if (!DigestChallenge.TryParse(input, out var challenge, out var reason))
        {
            Check.IsOneLine(reason, "a reason");
            Check.That(reason.Length > 0, "a refusal without a reason");
            return;
        }
        Check.That(input.Length < DigestChallenge.TooLong && challenge is { Nonce.Length: > 0, Buffer: >= DigestProtection.LeastBuffer and <= DigestProtection.GreatestBuffer }, "a challenge that lacks something");
        var written = challenge.Write();
        if (written.Length >= DigestChallenge.TooLong)
            return;
        Check.That(DigestChallenge.TryParse(written, out var again, out _), "our own challenge is refused");
        Check.Same(written, again.Write(), "a challenge");
        Check.SameItems(challenge.Protections, again.Protections, "what is offered");
    }
}
