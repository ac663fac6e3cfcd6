using System.Text;

namespace Sasl.Mechanisms.Tests.DigestMd5;

/// <summary>Every way for a client to be wrong.</summary>
public sealed class DigestServerTests
{
    [Fact]
    public async Task The_right_response_is_right() =>
        Assert.Equal("user", Assert.IsType<SaslOutcome.Success>(await Digest.AnswerAsync(Digest.Sign(Digest.Response))).AuthorizationId);

    [Theory]
    [InlineData("username=\"user\"", "")]
    [InlineData("username=\"user\"", "username=user")]
    [InlineData("username=\"user\"", "username=\"\"")]
    [InlineData("username=\"user\"", "username=\"user\",username=\"user\"")]
    [InlineData("username=\"user\"", "username=\"user")]
    [InlineData("username=\"user\"", "username=\"user\"x")]
    [InlineData("username=\"user\"", "username=\"us\u0001er\"")]
    [InlineData("username=\"user\"", "username=\"us\\\u0001er\"")]
    [InlineData("realm=\"mail.example.org\"", "realm=\"mail.example.org\",realm=\"mail.example.org\"")]
    [InlineData("nonce=\"c2VydmVyIG5vbmNl\"", "")]
    [InlineData("nonce=\"c2VydmVyIG5vbmNl\"", "nonce=\"\"")]
    [InlineData("nonce=\"c2VydmVyIG5vbmNl\"", "nonce=\"c2VydmVyIG5vbmNl\",nonce=\"c2VydmVyIG5vbmNl\"")]
    [InlineData("nonce=\"c2VydmVyIG5vbmNl\"", "nonce=\"c2VydmVyIG5vbmN\\l\"")]
    [InlineData("cnonce=\"client\"", "")]
    [InlineData("cnonce=\"client\"", "cnonce=\"\"")]
    [InlineData("cnonce=\"client\"", "cnonce=\"client\",cnonce=\"other\"")]
    [InlineData("nc=00000001", "")]
    [InlineData("nc=00000001", "nc=1")]
    [InlineData("nc=00000001", "nc=00000000")]
    [InlineData("nc=00000001", "nc=0000000A")]
    [InlineData("nc=00000001", "nc=000000001")]
    [InlineData("nc=00000001", "nc=00000001,nc=00000001")]
    [InlineData("digest-uri=\"imap/mail.example.org\"", "")]
    [InlineData("digest-uri=\"imap/mail.example.org\"", "digest-uri=\"imap\"")]
    [InlineData("digest-uri=\"imap/mail.example.org\"", "digest-uri=\"imap/\"")]
    [InlineData("digest-uri=\"imap/mail.example.org\"", "digest-uri=\"/mail.example.org\"")]
    [InlineData("digest-uri=\"imap/mail.example.org\"", "digest-uri=\"imap/mail example.org\"")]
    [InlineData("digest-uri=\"imap/mail.example.org\"", "digest-uri=\"imap/mail.example.org\",digest-uri=\"imap/mail.example.org\"")]
    [InlineData("response=", "response=0")]
    [InlineData("response=", "x=")]
    [InlineData("response=", "response=\"\",x=")]
    [InlineData("response=", "response=00000000000000000000000000000000,response=")]
    [InlineData("qop=auth", "qop=auth,qop=auth")]
    [InlineData("qop=auth", "qop=none")]
    [InlineData("qop=auth", "qop=auth-conf")]
    [InlineData("qop=auth", "qop=auth-conf,cipher=rot13")]
    [InlineData("qop=auth", "qop=auth-conf,cipher=rc4,cipher=rc4")]
    [InlineData("qop=auth", "qop=auth-int,maxbuf=20")]
    [InlineData("qop=auth", "qop=auth-int,maxbuf=16")]
    [InlineData("qop=auth", "qop=auth-int,maxbuf=16777216")]
    [InlineData("qop=auth", "qop=auth-int,maxbuf=-1")]
    [InlineData("qop=auth", "qop=auth-int,maxbuf=99999999999999999999")]
    [InlineData("qop=auth", "qop=auth-int,maxbuf=1000,maxbuf=1000")]
    [InlineData("qop=auth", "qop=auth-conf,cipher=rc4,maxbuf=29")]
    [InlineData("charset=utf-8", "charset=iso-8859-1")]
    [InlineData("charset=utf-8", "charset=utf-8,charset=utf-8")]
    [InlineData("qop=auth", "qop=auth,authzid=\"user\",authzid=\"user\"")]
    [InlineData("qop=auth", "qop=auth,authzid=user")]
    [InlineData("qop=auth", "qop")]
    [InlineData("qop=auth", "qop=")]
    [InlineData("qop=auth", "=auth")]
    [InlineData("qop=auth", "qop=auth x")]
    [InlineData("qop=auth", "qop=auth;x=y")]
    [InlineData("qop=auth", "x=\"")]
    [InlineData("qop=auth", "x=\"\\")]
    [InlineData("qop=auth", "x=\u00e4")]
    public async Task Malformed(string right, string wrong)
    {
        var message = Digest.Text(Digest.Sign(Digest.Response).Write());
        // Only the first: "nonce" stands in "cnonce" too.
        var at = message.IndexOf(right, StringComparison.Ordinal);
        Assert.True(at >= 0);
        message = message[..at] + wrong + message[(at + right.Length)..];
        Assert.Equal(FailureKind.MalformedMessage, Assert.IsType<SaslOutcome.Failure>(await Digest.AnswerAsync(Digest.Bytes(message))).Kind);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ,\t,\r\n")]
    [InlineData("x=y")]
    public async Task Nothing_is_no_response(string message) =>
        Assert.Equal(FailureKind.MalformedMessage, Assert.IsType<SaslOutcome.Failure>(await Digest.AnswerAsync(Digest.Bytes(message))).Kind);

    public static TheoryData<string> SignedButWrong => ["another nonce", "second use", "no realm", "another realm", "another service", "no such quality", "UTF-8", "authzid UTF-8", "control character"];

    // All of these know the password.
    [Theory]
    [MemberData(nameof(SignedButWrong))]
    public async Task Refused_though_the_proof_is_right(string what)
    {
        var response = what switch
        {
            "another nonce" => Digest.Response with { Nonce = "c2VydmVyIG5vbmNm"u8.ToArray() },
            "second use" => Digest.Response with { Count = 2 },
            "no realm" => Digest.Response with { Realm = null },
            "another realm" => Digest.Response with { Realm = "MAIL.example.org"u8.ToArray() },
            "another service" => Digest.Response with { Uri = "smtp/mail.example.org"u8.ToArray() },
            "no such quality" => Digest.Response with { Qop = "auth-int-x"u8.ToArray() },
            "UTF-8" => Digest.Response with { Name = [.. "use"u8, 0xff] },
            "authzid UTF-8" => Digest.Response with { AuthorizationId = [.. "use"u8, 0xff] },
            _ => Digest.Response with { Realm = "mail\x7f"u8.ToArray() },
        };
        Assert.Equal(FailureKind.MalformedMessage, Assert.IsType<SaslOutcome.Failure>(await Digest.AnswerAsync(Digest.Sign(response))).Kind);
        Assert.IsType<SaslOutcome.Success>(await Digest.AnswerAsync(Digest.Sign(Digest.Response)));
    }

    [Fact]
    public async Task What_was_not_offered_is_refused()
    {
        var onlyLogin = Digest.Settings with { Policy = SaslPolicy.Default };
        foreach (var (qop, cipher) in new[] { ("auth-int", null), ("auth-conf", "rc4") })
        {
            var response = Digest.Sign(Digest.Response with { Qop = Digest.Bytes(qop), Cipher = cipher });
            Assert.IsType<SaslOutcome.Success>(await Digest.AnswerAsync(response));
            Assert.Equal(FailureKind.MalformedMessage, Assert.IsType<SaslOutcome.Failure>(await Digest.AnswerAsync(response, onlyLogin)).Kind);
        }
        var strong = Digest.Settings with { Policy = new() { MinSsf = 112, MaxSsf = 128 } };
        Assert.Equal(FailureKind.MalformedMessage, Assert.IsType<SaslOutcome.Failure>(await Digest.AnswerAsync(Digest.Sign(Digest.Response), strong)).Kind);
        Assert.Equal(FailureKind.MalformedMessage,
            Assert.IsType<SaslOutcome.Failure>(await Digest.AnswerAsync(Digest.Sign(Digest.Response with { Qop = "auth-conf"u8.ToArray(), Cipher = "des" }), strong)).Kind);
    }

    [Fact]
    public async Task Lengths()
    {
        var message = Digest.Text(Digest.Sign(Digest.Response).Write()) + ",x=\"";
        var longest = message + new string('x', 4095 - message.Length - 1) + "\"";
        Assert.IsType<SaslOutcome.Success>(await Digest.AnswerAsync(Digest.Bytes(longest)));
        var tooLong = message + new string('x', 4096 - message.Length - 1) + "\"";
        Assert.Equal(FailureKind.MalformedMessage, Assert.IsType<SaslOutcome.Failure>(await Digest.AnswerAsync(Digest.Bytes(tooLong))).Kind);
        var longName = Digest.Sign(Digest.Response with { Name = Encoding.ASCII.GetBytes(new string('x', 1025)) });
        Assert.Equal(FailureKind.MalformedMessage, Assert.IsType<SaslOutcome.Failure>(await Digest.AnswerAsync(longName)).Kind);
    }

    [Theory]
    [InlineData("user", "eraser")]
    [InlineData("nobody", "pencil")]
    public async Task Wrong_secret_and_unknown_user_look_the_same(string name, string password)
    {
        var failure = Assert.IsType<SaslOutcome.Failure>(await Digest.AnswerAsync(Digest.Sign(Digest.Response with { Name = Digest.Bytes(name) }, password)));
        Assert.Equal((FailureKind.BadCredentials, name), (failure.Kind, failure.AuthenticationId));
    }

    [Theory]
    [InlineData("00000000000000000000000000000000")]
    [InlineData("D388DAD90D4BBD760A152321F2143AF7")]
    public async Task A_made_up_proof(string proof) =>
        Assert.IsType<SaslOutcome.Failure>(await Digest.AnswerAsync(Digest.Response with { Proof = Digest.Bytes(proof) }));

    [Fact]
    public async Task The_secret_is_asked_for_by_name_kind_and_realm()
    {
        var credentials = new OneSecret(new CleartextSecret("pencil"u8.ToArray()));
        await Digest.AnswerAsync(Digest.Sign(Digest.Response with { Realm = "b"u8.ToArray() }), Digest.Settings with { Realms = ["a", "b"] }, credentials: credentials);
        Assert.Equal([new("user", SecretKind.DigestMd5, "b")], credentials.Asked);
    }

    [Fact]
    public async Task Acting_as_another_is_asked_and_refused()
    {
        Assert.Equal(FailureKind.NotAuthorized, Assert.IsType<SaslOutcome.Failure>(await Digest.AnswerAsync(Digest.Sign(Digest.Response with { AuthorizationId = "bob"u8.ToArray() }))).Kind);
        Assert.IsType<SaslOutcome.Success>(await Digest.AnswerAsync(Digest.Sign(Digest.Response with { AuthorizationId = "user"u8.ToArray() })));
        Assert.IsType<SaslOutcome.Success>(await Digest.AnswerAsync(Digest.Sign(Digest.Response with { AuthorizationId = [] })));
        // RFC 2831 §2.1.2.1: authzid is signed; nobody can add one, or take it out, on the way.
        var unsigned = Digest.Sign(Digest.Response) with { AuthorizationId = "user"u8.ToArray() };
        Assert.Equal(FailureKind.BadCredentials, Assert.IsType<SaslOutcome.Failure>(await Digest.AnswerAsync(unsigned)).Kind);
    }

    [Theory]
    [InlineData("imap/mail.example.org", true)]
    [InlineData("IMAP/MAIL.example.org", true)]
    [InlineData("imap/mx1.example.org/example.org", true)]
    [InlineData("imap/mail.example.net", false)]
    [InlineData("imap/mail.example.org/example.net", false)]
    public async Task Hosts_are_compared_where_they_are_known(string uri, bool isOurs)
    {
        var response = Digest.Sign(Digest.Response with { Uri = Digest.Bytes(uri) });
        var settings = Digest.Settings with { HostNames = ["mail.example.org", "mx1.example.org", "example.org"] };
        Assert.Equal(isOurs, await Digest.AnswerAsync(response, settings) is SaslOutcome.Success);
        Assert.IsType<SaslOutcome.Success>(await Digest.AnswerAsync(response));
        // curl says the realm in place of the host.
        var curls = Digest.Sign(Digest.Response with { Realm = "Users"u8.ToArray(), Uri = "imap/Users"u8.ToArray() });
        Assert.IsType<SaslOutcome.Success>(await Digest.AnswerAsync(curls, settings with { Realms = ["Users"] }));
    }

    [Fact]
    public async Task Without_a_permitted_protection_there_is_no_challenge()
    {
        using var server = new SaslServerSession(Digest.Mechanism, Digest.Credentials, Digest.Channel, Digest.Settings with { LongestPacket = 0, Policy = new() { MinSsf = 56, MaxSsf = 128 } });
        Assert.Equal(FailureKind.Temporary, Assert.IsType<SaslOutcome.Failure>((await server.StepAsync(null)).Outcome).Kind);
    }

    [Fact]
    public async Task An_initial_response_without_a_store_is_answered_with_a_challenge()
    {
        foreach (var initial in new[] { [], Digest.Sign(Digest.Response).Write(), "junk"u8.ToArray() })
        {
            using var server = new SaslServerSession(Digest.Mechanism, Digest.Credentials, Digest.Channel, Digest.Settings);
            Assert.StartsWith("nonce=", Digest.Text((await server.StepAsync(initial)).Message));
            Assert.IsType<SaslOutcome.Success>((await server.StepAsync(Digest.Sign(Digest.Response).Write())).Outcome);
        }
    }

    // RFC 2831 §2.1.2.1, and two habits of older clients: each may be what the client hashed.
    [Theory]
    [InlineData("j\u00fcrgen", "pa\u00df", true, "latin1", "latin1")]
    [InlineData("j\u00fcrgen", "pa\u00df", true, "utf8", "utf8")]
    [InlineData("j\u00fcrgen", "pa\u00df", true, "utf8", "latin1")]
    [InlineData("j\u00fcrgen", "pa\u00df", false, "latin1", "latin1")]
    [InlineData("\u0436enya", "pa\u00df", true, "utf8", "latin1")]
    [InlineData("j\u00fcrgen", "pa\u00df", null, "latin1", "latin1")]
    [InlineData("\u0436enya", "\u0436", null, "utf8", "utf8")]
    [InlineData("j\u00fcrgen", "\u0436", true, "latin1", "utf8")]
    public async Task Names_and_passwords_beyond_ascii(string name, string password, bool? isUtf8, string nameHashed, string passwordHashed)
    {
        Encoding Of(string encoding) => encoding == "utf8" ? Encoding.UTF8 : Encoding.Latin1;
        // Null: UTF-8 without saying so, as Cyrus does.
        var response = Digest.Response with { Name = (isUtf8 == false ? Encoding.Latin1 : Encoding.UTF8).GetBytes(name), IsUtf8 = isUtf8 == true };
        var key = DigestHash.SessionKey(DigestHash.Secret(Of(nameHashed).GetBytes(name), response.Realm, Of(passwordHashed).GetBytes(password)), response);
        response = response with { Proof = DigestHash.Proof(key, response, isServers: false) };
        var credentials = new OneName(name, password);
        Assert.Equal(name, Assert.IsType<SaslOutcome.Success>(await Digest.AnswerAsync(response, credentials: credentials)).AuthenticationId);
    }

    [Fact]
    public async Task A_challenge_stays_short_however_many_realms_there_are()
    {
        var realms = Enumerable.Range(0, 300).Select(i => $"realm{i}.example.org").ToArray();
        using var server = new SaslServerSession(Digest.Mechanism, Digest.Credentials, Digest.Channel, Digest.Settings with { Realms = realms });
        var challenge = (await server.StepAsync(null)).Message!;
        Assert.InRange(challenge.Length, 2000, 2047);
        Assert.True(DigestChallenge.TryParse(challenge, out var parsed, out _));
        Assert.Equal("realm0.example.org", Digest.Text(parsed.Realms[0]));
        Assert.IsType<SaslOutcome.Success>((await server.StepAsync(Digest.Sign(Digest.Response with { Realm = "realm299.example.org"u8.ToArray() }).Write())).Outcome);
    }
}
