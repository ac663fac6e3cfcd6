using System.Text;

namespace Sasl.Mechanisms.Tests.DigestMd5;

/// <summary>The examples of RFC 2831 §4, both sides.</summary>
public sealed class DigestVectorTests
{
    // Service, the server's nonce and the client's, the response to the challenge, the server's proof.
    public static TheoryData<string, string, string, string, string> Examples => new()
    {
        { "imap", "OA6MG9tEQGm2hh", "OA6MHXh6VqTrRk", "d388dad90d4bbd760a152321f2143af7", "ea40f60335c427b5527b84dbabcdfffd" },
        { "acap", "OA9BSXrbuRhWay", "OA9BSuZWMSpW8m", "6084c6db3fede7352c551284490fd0fc", "2f0b3d7c3c2e486600ef710726aa2eae" },
    };

    const string Host = "elwood.innosoft.com";

    static string Response(string service, string nonce, string clientNonce, string proof) =>
        $"charset=utf-8,username=\"chris\",realm=\"{Host}\",nonce=\"{nonce}\",nc=00000001,cnonce=\"{clientNonce}\",digest-uri=\"{service}/{Host}\",response={proof},qop=auth";

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task The_clients_side(string service, string nonce, string clientNonce, string proof, string verdict)
    {
        using var client = new SaslClientSession(Digest.Mechanism, new("chris", "", "secret"u8.ToArray()), new() { Service = service, HostName = Host }, Settings(clientNonce));
        Assert.Equal(default, await client.StartAsync());
        var challenge = $"realm=\"{Host}\",nonce=\"{nonce}\",qop=\"auth\",algorithm=md5-sess,charset=utf-8";
        Assert.Equal(Response(service, nonce, clientNonce, proof), Digest.Text((await client.StepAsync(Encoding.UTF8.GetBytes(challenge))).Message));
        Assert.IsType<SaslOutcome.Success>(await client.FinishAsync(Encoding.UTF8.GetBytes("rspauth=" + verdict)));
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task The_servers_side(string service, string nonce, string clientNonce, string proof, string verdict)
    {
        using var server = new SaslServerSession(Digest.Mechanism, new Chris(), new() { Service = service, HostName = Host }, Settings(nonce));
        Assert.Equal($"nonce=\"{nonce}\",realm=\"{Host}\",qop=\"auth\",charset=utf-8,algorithm=md5-sess", Digest.Text((await server.StepAsync(null)).Message));
        var step = await server.StepAsync(Encoding.UTF8.GetBytes(Response(service, nonce, clientNonce, proof)));
        var success = Assert.IsType<SaslOutcome.Success>(step.Outcome);
        Assert.Equal(("rspauth=" + verdict, "chris", (SecurityLayer?)null), (Digest.Text(success.FinalData), success.AuthorizationId, success.Layer));
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task The_servers_side_in_pieces_of_another_shape(string service, string nonce, string clientNonce, string proof, string verdict)
    {
        // White space, empty elements, other cases, escapes that are not needed, quotes around tokens (curl, Dovecot), directives that nobody knows: all the grammar permits.
        var response = $" , Charset = \"UTF-8\"\t,,userName=\"c\\hris\" , cnonce=\"{clientNonce}\",nonce=\"{nonce}\" , REALM=\"{Host}\",nc=\"00000001\",x=1,x=\"2,=\\\"\",\r\n response={proof}, digest-uri = \"{service}/{Host}\",algorithm=md5-sess,";
        using var server = new SaslServerSession(Digest.Mechanism, new Chris(), new() { Service = service, HostName = Host }, Settings(nonce));
        await server.StepAsync(null);
        var success = Assert.IsType<SaslOutcome.Success>((await server.StepAsync(Encoding.UTF8.GetBytes(response))).Outcome);
        Assert.Equal("rspauth=" + verdict, Digest.Text(success.FinalData));
    }

    // Written down from RFC 2831 §2.1.2.1 by other means (Python's hashlib): what the RFC's examples do not have.
    [Theory]
    [InlineData("auth", null, "a3c7cda07d23acfffbcd94ffe90802aa", "f7cb071eb07eac73851ac3888f56ad57")]
    [InlineData("auth-int", null, "9aaf55e085a0f6e4f6520cd6f2cb175f", "86c07ec22dfead61536e365e8c89d989")]
    [InlineData("auth-conf", null, "124e9c15368eeba42e951b0646bcce88", "06e12f71815db6d4a3e79e4727c68b60")]
    [InlineData("auth", "", "31e0169bcdfb7a8b70821f9b207da7af", "74d17f89306fa3e2d1bf5a1937070d34")]
    [InlineData("auth", "bob", "5e37113e8653d6c5f26a849bb5af1769", "7c3479c09d290b48977c7044747c5c6f")]
    public void Proofs(string qop, string? authorizationId, string clients, string servers)
    {
        var response = Digest.Response with { Qop = Encoding.ASCII.GetBytes(qop), AuthorizationId = authorizationId is null ? null : Encoding.ASCII.GetBytes(authorizationId) };
        var key = DigestHash.SessionKey(DigestHash.Secret("user"u8, "mail.example.org"u8, "pencil"u8), response);
        Assert.Equal((clients, servers), (Digest.Text(DigestHash.Proof(key, response, isServers: false)), Digest.Text(DigestHash.Proof(key, response, isServers: true))));
    }

    static SaslSettings Settings(string nonce) => SaslSettings.Default with { Nonce = Encoding.ASCII.GetBytes(nonce) };

    /// <summary>chris by the stored hash of his realm.</summary>
    sealed class Chris : ISaslCredentials
    {
        public ValueTask<Verification> VerifyPasswordAsync(string authenticationId, ReadOnlyMemory<byte> password, CancellationToken stop) => throw new InvalidOperationException();

        public ValueTask<SecretAnswer> FindSecretAsync(SecretRequest request, CancellationToken stop)
        {
            Assert.Equal(new("chris", SecretKind.DigestMd5, Host), request);
            return new(SecretAnswer.Found("chris", new DigestMd5Secret(DigestHash.Secret("chris"u8, "elwood.innosoft.com"u8, "secret"u8))));
        }
    }
}
