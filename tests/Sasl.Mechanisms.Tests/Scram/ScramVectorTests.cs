using System.Text;

namespace Sasl.Mechanisms.Tests.Scram;

/// <summary>The examples of the RFCs, both sides.</summary>
public sealed class ScramVectorTests
{
    // RFC 5802 §5 and RFC 7677 §3: user "user", password "pencil", 4096 rounds.
    public static TheoryData<string, string, string, string, string> Examples => new()
    {
        {
            "SCRAM-SHA-1", "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL",
            "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
            "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=", "v=rmF9pqV8S7suAoZWja4dJRkFsKQ="
        },
        {
            "SCRAM-SHA-256", "n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
            "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
            "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
            "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="
        },
    };

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task The_servers_side(string mechanism, string first, string challenge, string final, string verdict)
    {
        var clientNonce = first[(first.IndexOf("r=", StringComparison.Ordinal) + 2)..];
        var settings = SaslSettings.Default with { Nonce = Bytes(challenge[(2 + clientNonce.Length)..challenge.IndexOf(',')]) };
        using var server = new SaslServerSession(SaslMechanisms.Find(mechanism)!, new OneSecret(Secret(mechanism, challenge)), settings: settings);
        Assert.Equal(challenge, Text((await server.StepAsync(Bytes(first))).Message));
        var success = Assert.IsType<SaslOutcome.Success>((await server.StepAsync(Bytes(final))).Outcome);
        Assert.Equal((verdict, "user", "user"), (Text(success.FinalData), success.AuthenticationId, success.AuthorizationId));
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task The_clients_side(string mechanism, string first, string challenge, string final, string verdict)
    {
        var settings = SaslSettings.Default with { Nonce = Bytes(first[(first.IndexOf("r=", StringComparison.Ordinal) + 2)..]) };
        using var client = new SaslClientSession(SaslMechanisms.Find(mechanism)!, new("user", "", Bytes("pencil")), settings: settings);
        Assert.Equal(first, Text((await client.StartAsync()).Message));
        Assert.Equal(final, Text((await client.StepAsync(Bytes(challenge))).Message));
        Assert.IsType<SaslOutcome.Success>(await client.FinishAsync(Bytes(verdict)));
    }

    // RFC 6234 §8.5 gives SHA-224 of "abc"; RFC 4231 §4.3 its HMAC.
    [Fact]
    public void Sha224_of_our_own()
    {
        var hash = new byte[Sha224.HashSize];
        Sha224.Hash("abc"u8, hash);
        Assert.Equal("23097D223405D8228642A477BDA255B32AADBCE4BDA0B3F7E36C9DA7", Convert.ToHexString(hash));
        Sha224.Hash("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"u8, hash);
        Assert.Equal("75388B16512776CC5DBA5DA1FD890150B0C6455CB4F58B1952522525", Convert.ToHexString(hash));
        Sha224.Hmac("Jefe"u8, "what do ya want for nothing?"u8, hash);
        Assert.Equal("A30E01098BC6DBBF45690F3A7E9E6D0F8BBEA2A39E6148008FD05E44", Convert.ToHexString(hash));
        Sha224.Hmac(Enumerable.Repeat((byte)0xaa, 131).ToArray(), "Test Using Larger Than Block-Size Key - Hash Key First"u8, hash);
        Assert.Equal("95E9A0DB962095ADAEBE9B2D6F0DBCE2D499F112F2D2B7273FA6870E", Convert.ToHexString(hash));
    }

    static ScramSecret Secret(string mechanism, string challenge)
    {
        var salt = Convert.FromBase64String(challenge.Split(",s=")[1].Split(",i=")[0]);
        return ScramSecret.Derive(ScramHash.Of(mechanism)!, "pencil"u8, salt, 4096);
    }

    static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    static string Text(byte[]? bytes) => Encoding.UTF8.GetString(bytes!);
}
