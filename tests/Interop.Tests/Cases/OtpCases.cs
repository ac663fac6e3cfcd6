using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Interop.Tests.Matrix;
using Interop.Tests.Peers;
using Sasl.Mechanisms;

namespace Interop.Tests.Cases;

/// <summary>OTP with Cyrus SASL: sequences that either side made, answers in digits and words, new sequences, answers that were heard.</summary>
static class OtpCases
{
    const string PassPhrase = "a longer pass-phrase";

    static readonly Login _login = new("OTP");

    public static IEnumerable<Case> Of(SaslMechanism mechanism, Peer peer) => mechanism.Name != "OTP" ? [] : peer switch
    {
        CyrusClient client => OfClient(client),
        CyrusServer server => OfServer(server),
        _ => [],
    };

    static IEnumerable<Case> OfClient(CyrusClient client)
    {
        foreach (var hash in OtpHash.All)
            yield return new($"right pass-phrase, {hash.Name}", () => AnswersAsync(client, _login, new(hash, 499, "ma0001", hash.Compute(Password, "ma0001", 499))));
        yield return new("right pass-phrase, without an initial response", () => AnswersAsync(client, _login with { Initial = false }, Sequence));
        yield return new("right pass-phrase, a sequence that saslpasswd2 made", async () => await AnswersAsync(client, _login, await CyrusDatabase.OtpAsync()));
        yield return new("a new sequence when the old one gets low, and a login with it", async () =>
        {
            var house = new OtpHouse(new(OtpHash.Md5, 400, "ma0001", OtpHash.Md5.Compute(Password, "ma0001", 400)));
            await Expect.IsIn(client, _login, house, "alice");
            Assert.Equal(499, house.State.Sequence);
            Assert.NotEqual("ma0001", house.State.Seed);
            await Expect.IsIn(client, _login, house, "alice");
            Assert.Equal(498, house.State.Sequence);
        });
        yield return new("wrong pass-phrase refused", () => Expect.IsRefused(client, _login with { Password = "crayon" }, new OtpHouse(Sequence), FailureKind.BadCredentials));
        yield return new("unknown user refused", () => Expect.IsRefused(client, _login with { User = "mallory" }, new OtpHouse(Sequence), FailureKind.BadCredentials));
        yield return new("may act as bob", () => Expect.IsIn(client, _login with { As = "bob" }, new OtpHouse(Sequence), "bob"));
        yield return new("may not act as carol", () => Expect.IsRefused(client, _login with { As = "carol" }, new OtpHouse(Sequence), FailureKind.NotAuthorized));
        yield return new("right pass-phrase to sasl-sample-client", async () =>
        {
            await using var program = await CyrusClient.StartSampleAsync(_login);
            Assert.Null(await program.AnswerAsync("otp-md5 498 ma0001 ext"u8.ToArray()));
            await Testing.Eventually.TrueAsync(() => program.Transcript.Contains("invalid parameter supplied", StringComparison.Ordinal), "the program's complaint", log: () => program.Transcript);
        })
        { Fault = "sasl-sample-client's prompt callback refuses the plugin's question for a one-time password (\"invalid parameter supplied\"); the other cases use the library by Perl's Authen::SASL::Cyrus" };
    }

    static IEnumerable<Case> OfServer(CyrusServer server)
    {
        yield return new("right pass-phrase", () => Expect.LetsIn(server, _login, "alice"));
        yield return new("right pass-phrase again, with the next password", () => Expect.LetsIn(server, _login, "alice"));
        foreach (var hash in OtpHash.All)
            yield return new($"a sequence that we made and wrote, {hash.Name}", () => Expect.LetsIn(server, _login with { User = hash.Name }, hash.Name));
        yield return new("wrong pass-phrase refused", () => Expect.Refuses(server, _login with { Password = "crayon" }));
        yield return new("unknown user refused", () => Expect.Refuses(server, _login with { User = "mallory" }));
        yield return new("acts as alice by name", () => Expect.LetsIn(server, _login with { As = "alice" }, "alice"));
        yield return new("may not act as carol", () => Expect.Refuses(server, _login with { As = "carol" }));
        yield return new("six words, and the same words again refused", async () =>
        {
            var words = await SayAsync(server, password => $"word:{OtpWords.Write(password)}", isRight: true);
            await SayAsync(server, _ => words, isRight: false);
        });
        yield return new("words of an alternative dictionary", () => SayAsync(server, password => $"word:{Other(password)}", isRight: true));
        yield return new("a new sequence in words, a login with it, another in digits, a login with that", async () =>
        {
            await SayAsync(server, password => $"init-word:{OtpWords.Write(password)}:sha1 300 words1:{OtpWords.Write(OtpHash.Sha1.Compute(Encoding.ASCII.GetBytes(PassPhrase), "words1", 300))}", isRight: true);
            var login = _login with { Password = PassPhrase };
            await Expect.LetsIn(server, login, "alice");
            var ended = await server.AcceptAsync(login, channel => new(SaslMechanisms.Find("OTP")!, login.Credentials, channel, SaslSettings.Default with { OtpRenewBelow = 300 }));
            Assert.True(ended.Ours is SaslOutcome.Success && ended.Theirs, ended.Transcript);
            await Expect.LetsIn(server, login, "alice");
        });
    }

    static ReadOnlySpan<byte> Password => Encoding.ASCII.GetBytes(Login.Right);

    static OtpSecret Sequence => new(OtpHash.Sha1, 499, "ma0001", OtpHash.Sha1.Compute(Password, "ma0001", 499));

    static async Task AnswersAsync(CyrusClient client, Login login, OtpSecret sequence)
    {
        var house = new OtpHouse(sequence);
        await Expect.IsIn(client, login, house, "alice");
        Assert.Equal((sequence.Sequence - 1, null), (house.State.Sequence, house.State.LockedUntil));
    }

    /// <summary>Answers a server's challenge to alice in our own words, and gives them.</summary>
    static async Task<string> SayAsync(CyrusServer server, Func<ulong, string> answer, bool isRight)
    {
        await using var dialogue = await server.StartAsync(_login);
        var asked = Assert.IsType<ServerStep.Challenge>(await dialogue.StartAsync("OTP", "\0alice"u8.ToArray()));
        var challenge = Encoding.ASCII.GetString(asked.Message).Split(' ');
        var said = answer(OtpHash.Of(challenge[0]["otp-".Length..])!.Compute(Password, challenge[2], int.Parse(challenge[1])));
        var end = await dialogue.AnswerAsync(Encoding.ASCII.GetBytes(said));
        Assert.True(isRight == end is ServerStep.Yes, dialogue.Transcript);
        return said;
    }

    /// <summary>Six words of four letters, as Cyrus SASL wants them, that are in no dictionary and whose MD5 says the right numbers (RFC 2289 appendix B).</summary>
    static string Other(ulong password)
    {
        var checksum = Enumerable.Range(0, 32).Sum(pair => (int)(password >> (2 * pair)) & 3) & 3;
        var bits = ((UInt128)password << 2) | (uint)checksum;
        return string.Join(' ', Enumerable.Range(0, 6).Select(i => _words[(int)(bits >> (55 - (11 * i))) & 2047]));
    }

    // No English word is made of these letters.
    static readonly Dictionary<int, string> _words =
        (from a in _letters from b in _letters from c in _letters from d in _letters select $"{a}{b}{c}{d}").GroupBy(NumberOf).ToDictionary(words => words.Key, words => words.First());

    static int NumberOf(string word) => BinaryPrimitives.ReadUInt16BigEndian(MD5.HashData(Encoding.ASCII.GetBytes(word)).AsSpan(14)) % 2048;

    const string _letters = "qxzjkvwyhgfp";
}
