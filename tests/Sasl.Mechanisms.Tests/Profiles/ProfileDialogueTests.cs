using System.Text;

namespace Sasl.Mechanisms.Tests.Profiles;

/// <summary>
/// Whole exchanges as they stand on the wire, ours on both sides at once: "C:" is what our client sends and our server gets, "S:" the other
/// way. What the protocols put around the data is a line each in <see cref="Wire"/>.
/// </summary>
public sealed class ProfileDialogueTests
{
    // RFC 7677 §3.
    const string ClientNonce = "rOprNGfwEbeRWgbNEkqO", ServerNonce = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";

    // n,,n=user,r=…; the challenge; the proof; the server's signature: of RFC 7677 §3, in base64.
    const string First = "biwsbj11c2VyLHI9ck9wck5HZndFYmVSV2diTkVrcU8=",
        Challenge = "cj1yT3ByTkdmd0ViZVJXZ2JORWtxTyVodllEcFdVYTJSYVRDQWZ1eEZJbGopaE5sRiRrMCxzPVcyMlphSjBTTlk3c29Fc1VFamI2Z1E9PSxpPTQwOTY=",
        Proof = "Yz1iaXdzLHI9ck9wck5HZndFYmVSV2diTkVrcU8laHZZRHBXVWEyUmFUQ0FmdXhGSWxqKWhObEYkazAscD1kSHpiWmFwV0lrNGpVaE4rVXRlOXl0YWc5empmTUhnc3FtbWl6N0FuZFZRPQ==",
        Signature = "dj02cnJpVFJCaTIzV3BSUi93dHVwK21NaFVaVW4vZEI1bkxUSlJzamw5NUc0PQ==", Plain = "AHVzZXIAcGVuY2ls";

    [Theory]
    [InlineData("SMTP", $"""
        C: AUTH PLAIN {Plain}
        S: 235 2.7.0 Authentication successful
        """)]
    [InlineData("LMTP", $"""
        C: AUTH PLAIN {Plain}
        S: 235 2.7.0 Authentication successful
        """)]
    [InlineData("IMAP", $"""
        C: a AUTHENTICATE PLAIN {Plain}
        S: a OK Logged in
        """)]
    [InlineData("POP3", $"""
        C: AUTH PLAIN {Plain}
        S: +OK Logged in
        """)]
    [InlineData("ManageSieve", $"""
        C: AUTHENTICATE "PLAIN" "{Plain}"
        S: OK
        """)]
    [InlineData("LDAP", """
        C: bind PLAIN [\0user\0pencil]
        S: success
        """)]
    [InlineData("XMPP", $"""
        C: <auth mechanism='PLAIN'>{Plain}</auth>
        S: <success/>
        """)]
    public Task PLAIN_with_an_initial_response(string profile, string dialogue) => PlayAsync(profile, "PLAIN", true, dialogue);

    [Theory]
    [InlineData("SMTP", $"""
        C: AUTH PLAIN
        S: 334 {" "}
        C: {Plain}
        S: 235 2.7.0 Authentication successful
        """)]
    [InlineData("LMTP", $"""
        C: AUTH PLAIN
        S: 334 {" "}
        C: {Plain}
        S: 235 2.7.0 Authentication successful
        """)]
    [InlineData("IMAP", $"""
        C: a AUTHENTICATE PLAIN
        S: + {" "}
        C: {Plain}
        S: a OK Logged in
        """)]
    [InlineData("POP3", $"""
        C: AUTH PLAIN
        S: + {" "}
        C: {Plain}
        S: +OK Logged in
        """)]
    [InlineData("ManageSieve", $"""
        C: AUTHENTICATE "PLAIN"
        S: ""
        C: "{Plain}"
        S: OK
        """)]
    [InlineData("LDAP", """
        C: bind PLAIN
        S: saslBindInProgress []
        C: bind PLAIN [\0user\0pencil]
        S: success
        """)]
    [InlineData("XMPP", $"""
        C: <auth mechanism='PLAIN'></auth>
        S: <challenge></challenge>
        C: <response>{Plain}</response>
        S: <success/>
        """)]
    public Task PLAIN_without_an_initial_response(string profile, string dialogue) => PlayAsync(profile, "PLAIN", false, dialogue);

    [Theory]
    [InlineData("SMTP", $"""
        C: AUTH SCRAM-SHA-256 {First}
        S: 334 {Challenge}
        C: {Proof}
        S: 334 {Signature}
        C:
        S: 235 2.7.0 Authentication successful
        """)]
    [InlineData("LMTP", $"""
        C: AUTH SCRAM-SHA-256 {First}
        S: 334 {Challenge}
        C: {Proof}
        S: 334 {Signature}
        C:
        S: 235 2.7.0 Authentication successful
        """)]
    [InlineData("IMAP", $"""
        C: a AUTHENTICATE SCRAM-SHA-256 {First}
        S: + {Challenge}
        C: {Proof}
        S: + {Signature}
        C:
        S: a OK Logged in
        """)]
    [InlineData("POP3", $"""
        C: AUTH SCRAM-SHA-256 {First}
        S: + {Challenge}
        C: {Proof}
        S: + {Signature}
        C:
        S: +OK Logged in
        """)]
    [InlineData("ManageSieve", $"""
        C: AUTHENTICATE "SCRAM-SHA-256" "{First}"
        S: "{Challenge}"
        C: "{Proof}"
        S: OK (SASL "{Signature}")
        """)]
    [InlineData("LDAP", """
        C: bind SCRAM-SHA-256 [n,,n=user,r=rOprNGfwEbeRWgbNEkqO]
        S: saslBindInProgress [r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096]
        C: bind SCRAM-SHA-256 [c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=]
        S: success [v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=]
        """)]
    [InlineData("XMPP", $"""
        C: <auth mechanism='SCRAM-SHA-256'>{First}</auth>
        S: <challenge>{Challenge}</challenge>
        C: <response>{Proof}</response>
        S: <success>{Signature}</success>
        """)]
    public Task SCRAM_with_an_initial_response(string profile, string dialogue) => PlayAsync(profile, "SCRAM-SHA-256", true, dialogue);

    [Theory]
    [InlineData("IMAP", $"""
        C: a AUTHENTICATE SCRAM-SHA-256
        S: + {" "}
        C: {First}
        S: + {Challenge}
        C: {Proof}
        S: + {Signature}
        C:
        S: a OK Logged in
        """)]
    [InlineData("ManageSieve", $"""
        C: AUTHENTICATE "SCRAM-SHA-256"
        S: ""
        C: "{First}"
        S: "{Challenge}"
        C: "{Proof}"
        S: OK (SASL "{Signature}")
        """)]
    [InlineData("XMPP", $"""
        C: <auth mechanism='SCRAM-SHA-256'></auth>
        S: <challenge></challenge>
        C: <response>{First}</response>
        S: <challenge>{Challenge}</challenge>
        C: <response>{Proof}</response>
        S: <success>{Signature}</success>
        """)]
    public Task SCRAM_without_an_initial_response(string profile, string dialogue) => PlayAsync(profile, "SCRAM-SHA-256", false, dialogue);

    // EXTERNAL with nobody to act as: the message is empty, and that is not none.
    [Theory]
    [InlineData("SMTP", "C: AUTH EXTERNAL =\nS: 235 2.7.0 Authentication successful")]
    [InlineData("LMTP", "C: AUTH EXTERNAL =\nS: 235 2.7.0 Authentication successful")]
    [InlineData("IMAP", "C: a AUTHENTICATE EXTERNAL =\nS: a OK Logged in")]
    [InlineData("POP3", "C: AUTH EXTERNAL =\nS: +OK Logged in")]
    [InlineData("ManageSieve", "C: AUTHENTICATE \"EXTERNAL\" \"\"\nS: OK")]
    [InlineData("LDAP", "C: bind EXTERNAL []\nS: success")]
    [InlineData("XMPP", "C: <auth mechanism='EXTERNAL'>=</auth>\nS: <success/>")]
    public Task An_empty_initial_response(string profile, string dialogue) => PlayAsync(profile, "EXTERNAL", true, dialogue);

    static async Task PlayAsync(string name, string mechanism, bool initial, string dialogue)
    {
        var wire = Wire.Of(name);
        var channel = new SaslChannel { Service = wire.Profile.Service, HostName = "mail.example.org", IsEncrypted = true, ExternalId = "user" };
        using var client = new ClientProfile(wire.Profile, new(SaslMechanisms.Find(mechanism)!, new("user", "", "pencil"u8.ToArray()), channel,
            SaslSettings.Default with { Nonce = Encoding.ASCII.GetBytes(ClientNonce) }));
        using var server = new ServerProfile(wire.Profile, new(SaslMechanisms.Find(mechanism)!, new Pencil(), channel,
            SaslSettings.Default with { Nonce = Encoding.ASCII.GetBytes(ServerNonce) }));
        var heard = new List<string>();
        var start = await client.StartAsync(wire.Command(mechanism), initial);
        Assert.Null(start.Outcome);
        heard.Add("C: " + wire.Start(mechanism, start.Text));
        var step = await server.StartAsync(Copy(start.Text));
        while (!step.IsFinished)
        {
            heard.Add("S: " + wire.Challenge(step.Text!));
            var answer = await client.AnswerAsync(step.Text);
            Assert.Null(answer.Outcome);
            heard.Add("C: " + wire.Response(mechanism, answer.Text!));
            step = await server.AnswerAsync(Copy(answer.Text));
        }
        heard.Add("S: " + wire.Success(step.Text));
        Assert.IsType<SaslOutcome.Success>(await client.FinishAsync(step.Text));
        Assert.Equal("user", Assert.IsType<SaslOutcome.Success>(step.Outcome).AuthorizationId);
        Assert.Equal(dialogue.Split('\n').Select(l => l.TrimEnd()), heard.Select(l => l.TrimEnd()));
    }

    static byte[]? Copy(byte[]? text) => text?.ToArray();

    /// <summary>What a protocol puts around what the profile writes.</summary>
    sealed record Wire(SaslProfile Profile, Func<string, string> Command, Func<string, string?, string> StartOf, Func<string, string> ChallengeOf, Func<string, string, string> ResponseOf, Func<string?, string> SuccessOf)
    {
        static readonly Wire _smtp = new(SaslProfile.Smtp, m => $"AUTH {m}", (m, t) => $"AUTH {m}" + Behind(t), t => $"334 {t}", (_, t) => t, _ => "235 2.7.0 Authentication successful");

        static readonly Wire[] _all =
        [
            _smtp, _smtp with { Profile = SaslProfile.Lmtp },
            new(SaslProfile.Imap, m => $"a AUTHENTICATE {m}", (m, t) => $"a AUTHENTICATE {m}" + Behind(t), t => $"+ {t}", (_, t) => t, _ => "a OK Logged in"),
            new(SaslProfile.Pop3, m => $"AUTH {m}", (m, t) => $"AUTH {m}" + Behind(t), t => $"+ {t}", (_, t) => t, _ => "+OK Logged in"),
            new(SaslProfile.ManageSieve, m => $"AUTHENTICATE \"{m}\"", (m, t) => $"AUTHENTICATE \"{m}\"" + Behind(t), t => t, (_, t) => t, t => t is null ? "OK" : $"OK (SASL {t})"),
            new(SaslProfile.Ldap, m => "", (m, t) => $"bind {m}" + Octets(t), t => "saslBindInProgress" + Octets(t), (m, t) => $"bind {m}" + Octets(t), t => "success" + Octets(t)),
            new(SaslProfile.Xmpp, m => "", (m, t) => $"<auth mechanism='{m}'>{t}</auth>", t => $"<challenge>{t}</challenge>", (_, t) => $"<response>{t}</response>", t => t is null ? "<success/>" : $"<success>{t}</success>"),
        ];

        public static Wire Of(string name) => _all.Single(w => w.Profile.Name == name);

        public string Start(string mechanism, byte[]? text) => StartOf(mechanism, Text(text));

        public string Challenge(byte[] text) => ChallengeOf(Text(text)!);

        public string Response(string mechanism, byte[] text) => ResponseOf(mechanism, Text(text)!);

        public string Success(byte[]? text) => SuccessOf(Text(text));

        static string? Text(byte[]? text) => text is null ? null : Encoding.ASCII.GetString(text).Replace("\0", "\\0");

        static string Behind(string? text) => text is null ? "" : $" {text}";

        static string Octets(string? text) => text is null ? "" : $" [{text}]";
    }
}
