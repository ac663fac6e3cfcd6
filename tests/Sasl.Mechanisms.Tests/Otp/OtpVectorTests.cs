using System.Text;
using CsCheck;

namespace Sasl.Mechanisms.Tests.Otp;

/// <summary>The RFCs' examples, and what holds for every one-time password.</summary>
public sealed class OtpVectorTests
{
    // RFC 2289 appendix C; the words of alternative dictionaries are made by appendix B.
    [Theory]
    [InlineData("md4", "This is a test.", "TeSt", 0, "D1854218EBBB0B51", "ROME MUG FRED SCAN LIVE LACE", "AER Il ERE Fao iso NIG")]
    [InlineData("md4", "This is a test.", "TeSt", 1, "63473EF01CD0B444", "CARD SAD MINI RYE COL KIN", "CVA ISN Oys Mau ably hs")]
    [InlineData("md4", "This is a test.", "TeSt", 99, "C5E612776E6C237A", "NOTE OUT IBIS SINK NAVE MODE", "TEM TAX alo LEY God Hei")]
    [InlineData("md4", "AbCdEfGhIjK", "alpha1", 0, "50076F47EB1ADE4E", "AWAY SEN ROOK SALT LICE MAP", "bw JER GLB kob cep MFA")]
    [InlineData("md4", "AbCdEfGhIjK", "alpha1", 1, "65D20D1949B5F7AB", "CHEW GRIM WU HANG BUCK SAID", "Dmd shf FALA boc que Lib")]
    [InlineData("md4", "AbCdEfGhIjK", "alpha1", 99, "D150C82CCE6F62D1", "ROIL FREE COG HUNK WAIT COCA", "MIM IQS MHZ THO vr Hy")]
    [InlineData("md4", "OTP's are good", "correct", 0, "849C79D4F6F55388", "FOOL STEM DONE TOOL BECK NILE", "GOO fi IMP Hep EYRY QAT")]
    [InlineData("md4", "OTP's are good", "correct", 1, "8C0992FB250847B1", "GIST AMOS MOOT AIDS FOOD SEEM", "Cva Ys pw ios foy GOA")]
    [InlineData("md4", "OTP's are good", "correct", 99, "3F3BF4B4145FD74B", "TAG SLOW NOV MIN WOOL KENO", "Hup anet Ks kye Dur CTF")]
    [InlineData("md5", "This is a test.", "TeSt", 0, "9E876134D90499DD", "INCH SEA ANNE LONG AHEM TOUR", "moid cuvy cise agal Bwr lax")]
    [InlineData("md5", "This is a test.", "TeSt", 1, "7965E05436F5029F", "EASE OIL FUM CURE AWRY AVIS", "bhat aces Ador pf Doat mi")]
    [InlineData("md5", "This is a test.", "TeSt", 99, "50FE1962C4965880", "BAIL TUFT BITS GANG CHEF THY", "che Cob Mba Ods Cai bogs")]
    [InlineData("md5", "AbCdEfGhIjK", "alpha1", 0, "87066DD9644BF206", "FULL PEW DOWN ONCE MORT ARC", "esca Fod peh crt Eyl Bael")]
    [InlineData("md5", "AbCdEfGhIjK", "alpha1", 1, "7CD34C1040ADD14B", "FACT HOOF AT FIST SITE KENT", "Ghi Pcp Ta didy tod ile")]
    [InlineData("md5", "AbCdEfGhIjK", "alpha1", 99, "5AA37A81F212146C", "BODE HOP JAKE STOW JUT RAP", "Fri Arcs bels tss Csi Cors")]
    [InlineData("md5", "OTP's are good", "correct", 0, "F205753943DE4CF9", "ULAN NEW ARMY FUSE SUIT EYED", "gaw kos apr tx Bs fels")]
    [InlineData("md5", "OTP's are good", "correct", 1, "DDCDAC956F234937", "SKIM CULT LOB SLAM POE HOWL", "ber frat ute Fcs bsf dyn")]
    [InlineData("md5", "OTP's are good", "correct", 99, "B203E28FA525BE47", "LONG IVY JULY AJAR BOND LEE", "agal Cmd frg Lewd in Duny")]
    [InlineData("sha1", "This is a test.", "TeSt", 0, "BB9E6AE1979D8FF4", "MILT VARY MAST OK SEES WENT", "Gid hup Ai ex Ide aft")]
    [InlineData("sha1", "This is a test.", "TeSt", 1, "63D936639734385B", "CART OTTO HIVE ODE VAT NUT", "chi dft Rv avie arg Lld")]
    [InlineData("sha1", "This is a test.", "TeSt", 99, "87FEC7768B73CCF9", "GAFF WAIT SKID GIG SKY EYED", "allo Mc oof Dogs Gre fack")]
    [InlineData("sha1", "AbCdEfGhIjK", "alpha1", 0, "AD85F658EBE383C9", "LEST OR HEEL SCOT ROB SUIT", "csi crs Adit ecg Cdr Yi")]
    [InlineData("sha1", "AbCdEfGhIjK", "alpha1", 1, "D07CE229B5CF119B", "RITE TAKE GELD COST TUNE RECK", "bs ph Saz fsb bute Meu")]
    [InlineData("sha1", "AbCdEfGhIjK", "alpha1", 99, "27BC71035AAF3DC6", "MAY STAR TIN LYON VEDA STAN", "Arx Ios Fax n daw Kan")]
    [InlineData("sha1", "OTP's are good", "correct", 0, "D51F3E99BF8E6F0B", "RUST WELT KICK FELL TAIL FRAU", "gur Ami cebu nv Goe Iof")]
    [InlineData("sha1", "OTP's are good", "correct", 1, "82AEB52D943774E4", "FLIT DOSE ALSO MEW DRUM DEFY", "Gis ctf pfg Kex fro Cuda")]
    [InlineData("sha1", "OTP's are good", "correct", 99, "4F296A74FE1567EC", "AURA ALOE HURL WING BERG WAIT", "Moul oos Ci anni Awin Mc")]
    public void Hex_words_and_other_words(string algorithm, string passPhrase, string seed, int number, string hex, string words, string others)
    {
        var hash = OtpHash.Of(algorithm)!;
        var password = hash.Compute(Bytes(passPhrase), seed, number);
        Assert.Equal((hex, words), (password.ToString("X16"), OtpWords.Write(password)));
        foreach (var text in new[] { words, words.ToLowerInvariant(), $"  {words.Replace(" ", " \t ")}\n", others })
        {
            Assert.True(OtpWords.TryRead(Bytes(text), hash, out var read), text);
            Assert.Equal(password, read);
        }
        Assert.True(OtpWords.TryReadHex(Bytes($" {hex[..4]} {hex[4..9].ToLowerInvariant()}\t{hex[9..]} "), out var number64));
        Assert.Equal(password, number64);
    }

    // RFC 1320 appendix A.5.
    [Theory]
    [InlineData("", "31d6cfe0d16ae931b73c59d7e0c089c0")]
    [InlineData("a", "bde52cb31de33e46245e05fbdbd6fb24")]
    [InlineData("abc", "a448017aaf21d8525fc10ae87aa6729d")]
    [InlineData("message digest", "d9130a8164549fe818874806e1c7014b")]
    [InlineData("abcdefghijklmnopqrstuvwxyz", "d79e1c308aa5bbcdeea8ed63df412da9")]
    [InlineData("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", "043f8582f241db351ce627e153e7f0e4")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345678901234567890", "e33b4ddc9c38f2199c3e7b164fcc0536")]
    public void Md4_of_our_own(string text, string expected)
    {
        var hash = new byte[Md4.HashSize];
        Md4.Hash(Bytes(text), hash);
        Assert.Equal(expected, Convert.ToHexStringLower(hash));
    }

    // RFC 2444 §4 has the first; the words are the same number.
    [Theory]
    [InlineData("hex:11d4c147e227c1f1")]
    [InlineData("word:END KERN BALM NICK EROS WAVY")]
    public async Task The_example_of_RFC_2444(string answer)
    {
        var hash = OtpHash.Md5;
        var book = new OtpBook(new(hash, 124, "ke1234", hash.Compute("this is a test"u8, "ke1234", 124)));
        Assert.Equal(new SaslOutcome.Success("alice", "alice"), await Play.ServerAsync("OTP", $"""
            C: \0alice
            S: otp-md5 123 ke1234 ext
            C: {answer}
            """, book));
        Assert.Equal(new(hash, 123, "ke1234", 0x11d4c147e227c1f1), book.State);
    }

    // RFC 2243 §4: a new sequence, in hex and words.
    [Theory]
    [InlineData("init-hex:5bf0 75d9 959d 036f:md5 499 ke1235:3712 dcb4 aa53 16c1")]
    [InlineData("init-word:BOND FOGY DRAB NE RISE MART:md5 499 ke1235:RED HERD NOW BEAN PA BURG")]
    public async Task The_examples_of_RFC_2243(string answer)
    {
        var hash = OtpHash.Md5;
        var book = new OtpBook(new(hash, 500, "ke1234", hash.Compute("This is a test."u8, "ke1234", 500)));
        Assert.Equal(new SaslOutcome.Success("alice", "alice"), await Play.ServerAsync("OTP", $"""
            C: \0alice
            S: otp-md5 499 ke1234 ext
            C: {answer}
            """, book));
        Assert.Equal(OtpSecret.Derive(hash, "This is a test."u8, 499, "ke1235"), book.State);
    }

    [Fact]
    public void The_dictionary_is_in_order_and_finds_itself()
    {
        var words = Enumerable.Range(0, OtpDictionary.Count).Select(i => Encoding.ASCII.GetString(OtpDictionary.Word(i))).ToArray();
        Assert.All(words, (word, i) => Assert.Equal(i, OtpDictionary.Find(Bytes(word))));
        Assert.Equal(OtpDictionary.Count, words.Distinct().Count());
        Assert.Equal(["A", "YOU", "ABED", "YOKE"], [words[0], words[570], words[571], words[2047]]);
        // FNV-1a over the words as RFC 2289 appendix D lists them, a line feed after each.
        var sum = words.SelectMany(w => w + "\n").Aggregate(14695981039346656037UL, (h, c) => unchecked((h ^ c) * 1099511628211UL));
        Assert.Equal(0x7E3A27FB195A4586UL, sum);
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAAA")]
    [InlineData("ZZZZ")]
    [InlineData("@BED")]
    public void What_is_not_in_the_dictionary_is_not_found(string word) => Assert.Equal(-1, OtpDictionary.Find(Bytes(word)));

    [Fact]
    public void Words_and_digits_read_back_as_they_were_written() => Gen.ULong.Sample(password =>
    {
        Assert.True(OtpWords.TryRead(Bytes(OtpWords.Write(password)), OtpHash.Md5, out var words));
        Assert.True(OtpWords.TryReadHex(Bytes(password.ToString("x16")), out var digits));
        return words == password && digits == password;
    });

    // Three of four random last words have another checksum.
    [Fact]
    public void One_word_exchanged_is_found_out_unless_the_checksum_agrees() => Gen.Select(Gen.ULong, Gen.Int[0, 5], Gen.Int[0, 2047]).Sample((password, at, word) =>
    {
        var words = OtpWords.Write(password).Split(' ');
        words[at] = Encoding.ASCII.GetString(OtpDictionary.Word(word));
        return !OtpWords.TryRead(Bytes(string.Join(' ', words)), OtpHash.Md5, out var read) || OtpWords.Write(read) == string.Join(' ', words);
    });

    [Fact]
    public void Each_number_is_hashed_from_the_one_before() => Gen.Select(Gen.Int[0, 50], Gen.Int[0, 2].Select(i => OtpHash.All[i]), Gen.String[Gen.Char.AlphaNumeric, 1, 16]).Sample((number, hash, seed) =>
        hash.Next(hash.Compute("a pass-phrase"u8, seed, number)) == hash.Compute("a pass-phrase"u8, seed, number + 1));

    static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
