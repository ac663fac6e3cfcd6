using System.Text;

namespace Sasl.Mechanisms.Tests.Otp;

public sealed class OtpServerTests
{
    static readonly OtpHash _hash = OtpHash.Md5;

    static OtpSecret Start => OtpSecret.Derive(_hash, "This is a test."u8, 500, "ke1234");

    // Number 499 of "This is a test." and ke1234, and what it stands for in words; number 499 with ke1235.
    const string Right = "5bf075d9959d036f", RightWords = "BOND FOGY DRAB NE RISE MART", New = "3712dcb4aa5316c1";

    public static TheoryData<string> Accepted =>
    [
        $"hex:{Right}", $"HEX:{Right.ToUpperInvariant()}", "hex: 5bf0 75d9 959d 036f ", $"word:{RightWords}", $"Word:\t{RightWords.ToLowerInvariant()}\r\n",
        // RFC 2444 §3 wants the names of the forms; Cyrus SASL does without.
        Right, RightWords, $"  {Right}", $" {RightWords}",
    ];

    [Theory]
    [MemberData(nameof(Accepted))]
    public async Task A_right_answer_however_it_is_written(string answer)
    {
        var book = new OtpBook(Start);
        Assert.Equal(new SaslOutcome.Success("alice", "alice"), await AnswerAsync(book, answer));
        Assert.Equal(new(_hash, 499, "ke1234", 0x5bf075d9959d036f), book.State);
    }

    [Theory]
    // Wrong numbers: the next password, the last one once more, all zeros.
    [InlineData("hex:0000000000000000", FailureKind.BadCredentials)]
    [InlineData("hex:505d889f90085847", FailureKind.BadCredentials)]
    [InlineData("word:END KERN BALM NICK EROS WAVY", FailureKind.BadCredentials)]
    [InlineData("init-hex:0000000000000000:md5 499 ke1235:3712dcb4aa5316c1", FailureKind.BadCredentials)]
    [InlineData("init-hex:0000000000000000:nonsense:", FailureKind.BadCredentials)]
    // No numbers.
    [InlineData("", FailureKind.MalformedMessage)]
    [InlineData(":", FailureKind.MalformedMessage)]
    [InlineData("hex:", FailureKind.MalformedMessage)]
    [InlineData("hex:5bf075d9959d036", FailureKind.MalformedMessage)]
    [InlineData("hex:5bf075d9959d036f0", FailureKind.MalformedMessage)]
    [InlineData("hex:5bf075d9959d036g", FailureKind.MalformedMessage)]
    [InlineData("hex:5bf075d9959d036f:", FailureKind.MalformedMessage)]
    [InlineData("hex:BOND FOGY DRAB NE RISE MART", FailureKind.MalformedMessage)]
    [InlineData("word:5bf075d9959d036f", FailureKind.MalformedMessage)]
    [InlineData("word:BOND FOGY DRAB NE RISE", FailureKind.MalformedMessage)]
    [InlineData("word:BOND FOGY DRAB NE RISE MART A", FailureKind.MalformedMessage)]
    [InlineData("word:BOND FOGY DRAB NE RISE MARS", FailureKind.MalformedMessage)]
    [InlineData("word:BOND FOGY DRAB NE RISE xyzzy", FailureKind.MalformedMessage)]
    [InlineData("oct:5bf075d9959d036f", FailureKind.MalformedMessage)]
    [InlineData("hex :5bf075d9959d036f", FailureKind.MalformedMessage)]
    [InlineData("init-hex:", FailureKind.MalformedMessage)]
    [InlineData("init-hex:xyz:md5 499 ke1235:3712dcb4aa5316c1", FailureKind.MalformedMessage)]
    [InlineData("init-hex:5bf075d9959d036f:md5 499 ke1235:3712dcb4aa5316c1:a:b", FailureKind.MalformedMessage)]
    [InlineData(@"hex:5bf075d9959d036f\0", FailureKind.MalformedMessage)]
    public async Task A_wrong_answer_changes_nothing_and_releases_the_lock(string answer, FailureKind kind)
    {
        var book = new OtpBook(Start);
        var failure = Assert.IsType<SaslOutcome.Failure>(await AnswerAsync(book, answer));
        Assert.Equal((kind, "alice"), (failure.Kind, failure.AuthenticationId));
        Assert.Equal(Start, book.State);
        Assert.IsType<SaslOutcome.Success>(await AnswerAsync(book, "hex:" + Right));
    }

    [Fact]
    public async Task One_hundred_bytes_and_no_more()
    {
        Assert.IsType<SaslOutcome.Success>(await AnswerAsync(new OtpBook(Start), "hex:" + Right + new string(' ', 80)));
        Assert.Equal(FailureKind.MalformedMessage, Kind(await AnswerAsync(new OtpBook(Start), "hex:" + Right + new string(' ', 81))));
    }

    [Theory]
    [InlineData($"init-hex:{Right}:md5 499 ke1235:{New}", 499)]
    [InlineData($"init-hex:{Right}: md5  0499\tKE1235 :{New}", 499)]
    [InlineData($"INIT-HEX:{Right}:md5 9999 ke1235:{New}", 9999)]
    [InlineData($"init-hex:{Right}:md5 1 ke1235:{New}", 1)]
    [InlineData($"init-word:{RightWords}:md5 499 ke1235:RED HERD NOW BEAN PA BURG", 499)]
    public async Task A_new_sequence(string answer, int sequence)
    {
        var book = new OtpBook(Start);
        Assert.Equal(new SaslOutcome.Success("alice", "alice"), await AnswerAsync(book, answer));
        Assert.Equal(new(_hash, sequence, "ke1235", 0x3712dcb4aa5316c1), book.State);
    }

    [Fact]
    public async Task A_new_sequence_by_another_hash()
    {
        var book = new OtpBook(Start);
        var first = OtpHash.Sha1.Compute("another pass-phrase"u8, "s1", 7);
        Assert.IsType<SaslOutcome.Success>(await AnswerAsync(book, $"init-word:{RightWords}:sha1 7 s1:{OtpWords.Write(first)}"));
        Assert.Equal(new(OtpHash.Sha1, 7, "s1", first), book.State);
    }

    [Theory]
    [InlineData($"md5 499 ke1234:{New}")] // the same seed
    [InlineData($"md5 499 KE1234:{New}")]
    [InlineData($"md5 0 ke1235:{New}")]
    [InlineData($"md5 -1 ke1235:{New}")]
    [InlineData($"md5 10000 ke1235:{New}")]
    [InlineData($"md6 499 ke1235:{New}")]
    [InlineData($"otp-md5 499 ke1235:{New}")]
    [InlineData($"md5 499 12345678901234567:{New}")]
    [InlineData($"md5 499 ke-1235:{New}")]
    [InlineData($"md5 499:{New}")]
    [InlineData($"md5 499 ke1235 ext:{New}")]
    [InlineData("md5 499 ke1235:3712")]
    [InlineData("md5 499 ke1235:RED HERD NOW BEAN PA BURG")]
    [InlineData("md5 499 ke1235")]
    [InlineData("")]
    public async Task A_new_sequence_that_is_none_is_refused_and_the_password_is_used_up(string rest)
    {
        var book = new OtpBook(Start);
        Assert.Equal(FailureKind.MalformedMessage, Kind(await AnswerAsync(book, $"init-hex:{Right}:{rest}")));
        Assert.Equal(new(_hash, 499, "ke1234", 0x5bf075d9959d036f), book.State);
        Assert.Equal(FailureKind.BadCredentials, Kind(await AnswerAsync(book, "hex:" + Right)));
    }

    [Fact]
    public async Task An_answer_that_was_heard_is_worth_nothing()
    {
        var book = new OtpBook(Start);
        await AnswerAsync(book, "hex:" + Right);
        Assert.Equal(FailureKind.BadCredentials, Kind(await AnswerAsync(book, "hex:" + Right)));
        Assert.Equal(FailureKind.BadCredentials, Kind(await AnswerAsync(book, "word:" + RightWords)));
        Assert.Equal(499, book.State.Sequence);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    public async Task A_sequence_that_is_used_up(int sequence)
    {
        var book = new OtpBook(new(_hash, sequence, "ke1234", 1));
        Assert.Equal(FailureKind.Expired, Kind(await Play.ServerAsync("OTP", @"C: \0alice", book)));
        Assert.Empty(book.Swaps);
    }

    [Fact]
    public async Task The_last_one_is_number_one()
    {
        var book = new OtpBook(OtpSecret.Derive(_hash, "This is a test."u8, 2, "ke1234"));
        Assert.IsType<SaslOutcome.Success>(await Play.ServerAsync("OTP", $"C: \\0alice\nS: otp-md5 1 ke1234 ext\nC: hex:{_hash.Compute("This is a test."u8, "ke1234", 1):x16}", book));
        Assert.True(book.State.IsUsedUp);
    }

    [Theory]
    [InlineData("alice")]
    [InlineData("")]
    [InlineData(@"\0")]
    [InlineData(@"alice\0")]
    [InlineData(@"\0alice\0")]
    [InlineData(@"alice\0alice\0alice")]
    public async Task A_first_message_that_is_none(string message) =>
        Assert.Equal(FailureKind.MalformedMessage, Kind(await Play.ServerAsync("OTP", $"C: {message}", new OtpBook(Start))));

    [Fact]
    public async Task Identities_have_255_octets_at_most()
    {
        var (longest, longer) = (new string('a', 255), new string('a', 256));
        foreach (var (message, isGood) in new[] { ($@"{longest}\0{longest}", true), ($@"{longer}\0alice", false), ($@"\0{longer}", false) })
        {
            using var session = new SaslServerSession(SaslMechanisms.Find("OTP")!, new OtpBook(Start));
            Assert.Equal(isGood, (await session.StepAsync(Encoding.UTF8.GetBytes(message.Replace("\\0", "\0")))).Message is not null);
        }
    }

    [Theory]
    [InlineData("bob", null)]
    [InlineData("alice", null)]
    [InlineData("root", FailureKind.NotAuthorized)]
    public async Task Acting_as_another(string authorizationId, FailureKind? kind)
    {
        var book = new OtpBook(Start);
        var outcome = await Play.ServerAsync("OTP", $"C: {authorizationId}\\0alice\nC: hex:{Right}", book);
        Assert.Equal(kind, (outcome as SaslOutcome.Failure)?.Kind);
        if (kind is null)
            Assert.Equal(new SaslOutcome.Success("alice", authorizationId), outcome);
        Assert.Equal(499, book.State.Sequence);
    }

    [Fact]
    public async Task Only_who_knows_the_password_learns_that_the_account_is_disabled()
    {
        var book = new OtpBook(Start) { Refusal = Verification.Refused(FailureKind.Disabled, "on leave") };
        Assert.Equal(FailureKind.BadCredentials, Kind(await AnswerAsync(book, "hex:0000000000000000")));
        Assert.Equal(FailureKind.Disabled, Kind(await AnswerAsync(book, "hex:" + Right)));
    }

    [Theory]
    [InlineData("nobody", FailureKind.BadCredentials)]
    [InlineData("cleartext", FailureKind.BadCredentials)]
    [InlineData("down", FailureKind.Temporary)]
    public async Task Who_has_no_sequence_is_asked_like_anybody(string user, FailureKind kind)
    {
        var book = new OtpBook(Start);
        var settings = SaslSettings.Default with { DecoyKey = new byte[32] };
        var channel = new SaslChannel { HostName = "Mail.example.org" };
        var seen = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            using var session = new SaslServerSession(SaslMechanisms.Find("OTP")!, book, channel, settings);
            var challenge = Encoding.UTF8.GetString((await session.StepAsync(Encoding.UTF8.GetBytes("\0" + user))).Message!);
            Assert.Matches("^otp-md5 [1-9][0-9]{0,2} ma[0-9]{4} ext$", challenge);
            seen.Add(challenge);
            Assert.Equal(kind, Kind((await session.StepAsync("hex:0000000000000000"u8.ToArray())).Outcome));
        }
        // The same for the same name, and the store was asked as often as for alice.
        Assert.Equal(seen[0], seen[1]);
        Assert.Equal(4, book.Swaps.Count(s => s.Name == user && !s.IsMade));
    }

    [Fact]
    public async Task Decoys_differ_by_name_and_key()
    {
        var challenges = new HashSet<string>();
        foreach (var key in new byte[][] { new byte[32], [1, .. new byte[31]] })
        {
            for (var i = 0; i < 50; i++)
            {
                using var session = new SaslServerSession(SaslMechanisms.Find("OTP")!, new OtpBook(Start), settings: SaslSettings.Default with { DecoyKey = key, OtpAlgorithm = OtpHash.Sha1 });
                challenges.Add(Encoding.UTF8.GetString((await session.StepAsync(Encoding.UTF8.GetBytes($"\0nobody{i}"))).Message!));
            }
        }
        Assert.True(challenges.Count > 95, $"{challenges.Count} of 100");
        Assert.All(challenges, c => Assert.StartsWith("otp-sha1 ", c));
    }

    static Task<SaslOutcome> AnswerAsync(OtpBook book, string answer) => AnswerAsync(book, Encoding.UTF8.GetBytes(answer.Replace("\\0", "\0")));

    static async Task<SaslOutcome> AnswerAsync(OtpBook book, byte[] answer)
    {
        using var session = new SaslServerSession(SaslMechanisms.Find("OTP")!, book);
        Assert.NotNull((await session.StepAsync("\0alice"u8.ToArray())).Message);
        return (await session.StepAsync(answer)).Outcome!;
    }

    static FailureKind Kind(SaslOutcome? outcome) => Assert.IsType<SaslOutcome.Failure>(outcome).Kind;
}
