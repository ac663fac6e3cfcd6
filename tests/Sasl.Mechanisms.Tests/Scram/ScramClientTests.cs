using System.Text;

namespace Sasl.Mechanisms.Tests.Scram;

/// <summary>Every way for a server to be wrong, against the client.</summary>
public sealed class ScramClientTests
{
    // RFC 7677 §3's client, so that its server's right answers are known.
    const string Nonce = "rOprNGfwEbeRWgbNEkqO";
    const string Right = $"r={Nonce}%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";

    [Theory]
    [InlineData("", FailureKind.MalformedMessage)]
    [InlineData("r=@,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096", FailureKind.ServerNotTrusted)] // no nonce of the server's
    [InlineData("r=x@y,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096", FailureKind.ServerNotTrusted)]
    [InlineData("r=other,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096", FailureKind.ServerNotTrusted)]
    [InlineData("r=@x,s=,i=4096", FailureKind.MalformedMessage)]
    [InlineData("r=@x,s=W22,i=4096", FailureKind.MalformedMessage)]
    [InlineData("r=@x,i=4096,s=W22ZaJ0SNY7soEsUEjb6gQ==", FailureKind.MalformedMessage)]
    [InlineData("r=@x,s=W22ZaJ0SNY7soEsUEjb6gQ==", FailureKind.MalformedMessage)]
    [InlineData("r=@x,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=", FailureKind.MalformedMessage)]
    [InlineData("r=@x,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=0", FailureKind.MalformedMessage)]
    [InlineData("r=@x,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=-4096", FailureKind.MalformedMessage)]
    [InlineData("r=@x,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=+4096", FailureKind.MalformedMessage)]
    [InlineData("r=@x,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=04096", FailureKind.MalformedMessage)]
    [InlineData("r=@x,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096 ", FailureKind.MalformedMessage)]
    [InlineData("r=@x,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=99999999999", FailureKind.MalformedMessage)]
    [InlineData("r=@x,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,m=x", FailureKind.MalformedMessage)]
    [InlineData("m=x,r=@x,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096", FailureKind.MalformedMessage)]
    [InlineData("r=@x,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,i=4096", FailureKind.MalformedMessage)]
    [InlineData("r=@x,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4095", FailureKind.ServerNotTrusted)]
    [InlineData("r=@x,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=1", FailureKind.ServerNotTrusted)]
    [InlineData("r=@x,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=1000001", FailureKind.ServerNotTrusted)] // an iteration bomb
    [InlineData("r=@x,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=2147483647", FailureKind.ServerNotTrusted)]
    public async Task A_bad_first_answer_ends_it(string challenge, FailureKind expected)
    {
        using var client = await StartAsync();
        var step = await client.StepAsync(Bytes(challenge.Replace("@", Nonce)));
        Assert.Equal(expected, Assert.IsType<SaslOutcome.Failure>(step.Outcome).Kind);
        // Nor does the server's yes change that.
        Assert.IsType<SaslOutcome.Failure>(await client.FinishAsync(null));
    }

    [Theory]
    [InlineData("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=,x=extension", null)] // Cyrus clients refuse an extension here
    [InlineData("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G5=", FailureKind.ServerNotTrusted)]
    [InlineData("v=", FailureKind.ServerNotTrusted)]
    [InlineData("v=AAAA", FailureKind.ServerNotTrusted)]
    [InlineData("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4", FailureKind.ServerNotTrusted)]
    [InlineData("", FailureKind.MalformedMessage)]
    [InlineData("x=y,v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=", FailureKind.MalformedMessage)]
    [InlineData("e=invalid-proof", FailureKind.BadCredentials)]
    [InlineData("e=channel-bindings-dont-match", FailureKind.ChannelBinding)]
    [InlineData("e=", FailureKind.BadCredentials)]
    public async Task The_servers_signature_is_checked(string verdict, FailureKind? expected)
    {
        foreach (var isChallenge in new[] { false, true })
        {
            using var client = await StartAsync();
            await client.StepAsync(Bytes(Right));
            if (isChallenge && await client.StepAsync(Bytes(verdict)) is { Message: { } answer })
                Assert.Empty(answer);
            var outcome = await client.FinishAsync(isChallenge ? null : Bytes(verdict));
            Assert.Equal(expected, (outcome as SaslOutcome.Failure)?.Kind);
        }
    }

    [Fact]
    public async Task A_yes_without_a_signature_is_not_believed()
    {
        using var client = await StartAsync();
        await client.StepAsync(Bytes(Right));
        Assert.Equal(FailureKind.ServerNotTrusted, Assert.IsType<SaslOutcome.Failure>(await client.FinishAsync(null)).Kind);
    }

    [Fact]
    public async Task A_yes_in_the_middle_is_not_believed()
    {
        using var client = await StartAsync();
        Assert.Equal(FailureKind.ServerNotTrusted, Assert.IsType<SaslOutcome.Failure>(await client.FinishAsync(null)).Kind);
    }

    [Theory]
    [InlineData(null, false, "n,,")]
    [InlineData(true, true, "n,,")]
    [InlineData(false, true, "y,,")]
    [InlineData(false, false, "n,,")]
    public async Task The_flag_says_what_the_client_saw(bool? offered, bool hasBinding, string header)
    {
        var channel = new SaslChannel { Bindings = hasBinding ? new ChannelBindings((ChannelBindings.EndPoint, new byte[32])) : null };
        using var client = new SaslClientSession(SaslMechanisms.Find("SCRAM-SHA-256")!, new("user", "", Bytes("pencil")), channel, serverOffersBinding: offered);
        Assert.StartsWith(header, Encoding.UTF8.GetString((await client.StartAsync()).Message!));
    }

    [Fact]
    public async Task Commas_and_equals_signs_in_names_are_escaped()
    {
        using var client = new SaslClientSession(SaslMechanisms.Find("SCRAM-SHA-256")!, new("a,b=c", "x=,y", Bytes("pencil")));
        Assert.StartsWith("n,a=x=3D=2Cy,n=a=2Cb=3Dc,r=", Encoding.UTF8.GetString((await client.StartAsync()).Message!));
    }

    [Fact]
    public async Task Without_a_name_nothing_is_sent()
    {
        using var client = new SaslClientSession(SaslMechanisms.Find("SCRAM-SHA-256")!, new("", "", Bytes("pencil")));
        Assert.IsType<SaslOutcome.Failure>((await client.StartAsync()).Outcome);
    }

    static async Task<SaslClientSession> StartAsync()
    {
        var client = new SaslClientSession(SaslMechanisms.Find("SCRAM-SHA-256")!, new("user", "", Bytes("pencil")),
            settings: SaslSettings.Default with { Nonce = Bytes(Nonce) });
        await client.StartAsync();
        return client;
    }

    static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
