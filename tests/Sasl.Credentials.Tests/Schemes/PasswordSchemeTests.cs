using System.Text;
using CsCheck;
using Sasl.Credentials.Native;
using Sasl.Credentials.Schemes;

namespace Sasl.Credentials.Tests.Schemes;

public sealed class PasswordSchemeTests
{
    const string User = "user@dom";

    public static TheoryData<string> Makers => [.. PasswordScheme.All.Where(s => s.CanMake).SelectMany(s => s.Aliases.Append(s.Name))];

    [Theory]
    [MemberData(nameof(Makers))]
    public void What_a_scheme_makes_it_matches_and_its_setting_matches_nothing(string scheme)
    {
        var stored = PasswordScheme.Make(scheme, "geheimes Wort"u8, User)!;
        Assert.StartsWith($"{{{scheme}}}", stored);
        Assert.Null(PasswordScheme.Problem(stored));
        Assert.True(PasswordScheme.Matches("geheimes Wort"u8, stored, User));
        Assert.False(PasswordScheme.Matches("xeheimes Wort"u8, stored, User));
        Assert.False(PasswordScheme.Matches(""u8, stored, User));
        var setting = PasswordScheme.SettingOf(stored);
        Assert.DoesNotContain(stored[(stored.Length - 12)..], setting);
        if (setting.Length > 0)
            Assert.NotEqual(true, PasswordScheme.Matches("geheimes Wort"u8, setting, User));
        Assert.NotEqual(stored, scheme == "PLAIN" || setting.Length == 0 ? "" : PasswordScheme.SettingOf(setting));
    }

    [Theory]
    [InlineData("SHA512-CRYPT", "{SHA512-CRYPT}$6$")]
    [InlineData("sha256-crypt", "{SHA256-CRYPT}$5$")]
    [InlineData("YESCRYPT", "{YESCRYPT}$y$")]
    [InlineData("CRYPT", "{CRYPT}$y$")]
    [InlineData("BLF-CRYPT", "{BLF-CRYPT}$2b$11$")]
    [InlineData("MD5-CRYPT", "{MD5-CRYPT}$1$")]
    [InlineData("ARGON2ID", "{ARGON2ID}$argon2id$v=19$m=65536,t=3,p=1$")]
    [InlineData("ARGON2", "{ARGON2}$argon2id$")]
    [InlineData("ARGON2I", "{ARGON2I}$argon2i$")]
    [InlineData("PBKDF2", "{PBKDF2}$1$")]
    [InlineData("SCRAM-SHA-256", "{SCRAM-SHA-256}4096,")]
    [InlineData("DIGEST-MD5", "{DIGEST-MD5}734c726901e727cce7aec830575f6ac5")]
    [InlineData("CRAM-MD5", "{CRAM-MD5}cd3ba7deaad6e5ca23448ba42e379747a9e0f7f1fbc00c8a81bbaac395731b56")]
    [InlineData("PLAIN.b64", "{PLAIN.B64}c2VjcmV0")]
    [InlineData("SHA256.HEX", "{SHA256.HEX}2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b")]
    public void What_a_new_one_looks_like(string scheme, string beginning) => Assert.StartsWith(beginning, PasswordScheme.Make(scheme, "secret"u8, User));

    // Made by doveadm pw of Dovecot 2.3.19 for "secret" of user@dom, and by the tools of others.
    [Theory]
    [InlineData("{SHA1}5en6G6MezRroT3XKqkdPOmY/BfQ=")]
    [InlineData("{SHA1}e5e9fa1ba31ecd1ae84f75caaa474f3a663f05f4")]
    [InlineData("{sha.hex}e5e9fa1ba31ecd1ae84f75caaa474f3a663f05f4")]
    [InlineData("{SHA256}2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b")]
    [InlineData("{SHA256.base64}K7gNU3sdo+OL0wNhqoVWhr3g6s1xYv72ol/pe/Unols=")]
    [InlineData("{BLF-CRYPT}$2y$05$Ta5XhljKE0b.jlqtQLdUAe361wdbwu86yTkyzwY4QS8pRqdwQcqVG")]
    [InlineData("{CRYPT}$2y$05$9dN6rrSdsGGeUl.UGE8XTuN49YAUYrlZ3E439ZQTMASL3VoF4cC/i")]
    [InlineData("{DES-CRYPT}Q4CCHNZRXxxmI")]
    [InlineData("{MD5-CRYPT}$1$8S/bM1kC$r0Gsj3j3yh.Bpkyjgph6H1")]
    [InlineData("{MD5}$1$K0CsEE4K$0RlsPaPN27.2UqB9DmUVY0")]
    [InlineData("{MD5}5ebe2294ecd0e0f08eab7690d2a6ee69")]
    [InlineData("{MD5}Xr4ilOzQ4PCOq3aQ0qbuaQ==")]
    [InlineData("{LDAP-MD5}Xr4ilOzQ4PCOq3aQ0qbuaQ==")]
    [InlineData("{PLAIN-MD5}5ebe2294ecd0e0f08eab7690d2a6ee69")]
    [InlineData("{PLAIN-MD5.b64}Xr4ilOzQ4PCOq3aQ0qbuaQ==")]
    [InlineData("{PLAIN-MD4}67d3dafef63ff00603aeef3769cfbf0d")]
    [InlineData("{SMD5}45QWEA0FmfXlzwwj1GDn5JtROKA=")]
    [InlineData("{SSHA}K7grYSw1OmLUrAKZGqLkgBxLv1O5TiFa")]
    [InlineData("{SSHA256}Ebm0LEyY6I5mVQ+DJhCccJUFM7fcd2o32PY616QlnoZ2tei7")]
    [InlineData("{SSHA512}NfTGmVRVajQt3KN/AqNN7agorHW5s9DIPeUNAJz2e5XVe9nRSTBK+91r+pawyXQud1U9qpECodBoRoptvhJqB1JKVXs=")]
    [InlineData("{SHA256-CRYPT}$5$lnaB.LERBzSdWTSm$w8qk08DDJ5Br8StAL1yfPQPrCZm5cjdqEoezL9qc1P4")]
    [InlineData("{SHA512-CRYPT}$6$rYxCmRjSCqWZ9BNo$8SKg1Thm4beA13rCwLoxDYtd81VTNvRO2o5qMxEl3ThdiMKFz3rY3E8JvP/zG0F05dZi/pYLRcWedKV36eAJn1")]
    [InlineData("{ARGON2I}$argon2i$v=19$m=32768,t=4,p=1$FaRNNGzE/MmrFxQyfZjxzg$uBrP3ToYSkBogiO6XBIIRhtxahTokkQIXPFlgA3+uyc")]
    [InlineData("{ARGON2ID}$argon2id$v=19$m=65536,t=3,p=1$n2NLeLh+7C6kMZcyvh3duQ$d7gjd6m4sPrMRhw8cLciuV3WMUhiWiS2DJarabsa/6E")]
    [InlineData("{CRYPT}$argon2id$v=19$m=65536,t=3,p=1$n2NLeLh+7C6kMZcyvh3duQ$d7gjd6m4sPrMRhw8cLciuV3WMUhiWiS2DJarabsa/6E")]
    [InlineData("{CRYPT}$y$j9T$abcdefghijklmnop$3dL1LkYnZM.OVXuVdnnaKVDlLYT92dRwOzDZ5XiVCe.")]
    [InlineData("{CRYPT}$gy$j9T$abcdefghijklmnop$mixfBgwqRYkgJa0E4eWmDF3HC/BbYXm8ztA717oxvqD")]
    [InlineData("{PBKDF2}$1$mbsrN/39wZxJVqyg$5000$a62674c2602b913c5261139216201568a5406d4c")]
    [InlineData("{SCRAM-SHA-1}4096,qFut7F5socwxVllCJOPJBA==,m04CbqQVfk1qR5pjDTV3nOaH5I4=,7IzcCxJCQpXEtgiE12scUnFcogc=")]
    [InlineData("{SCRAM-SHA-256}4096,q2GBkzITeH7/jYWdbKfHMA==,xj31uVtKJNjEWP038ZB6QoiJUZCWxwSj7wzvLwozDU8=,SBHnPY3/O6X/NZJoDdD+/58f2I5IrLpdiMsn3uDhOXo=")]
    [InlineData("{CRAM-MD5}cd3ba7deaad6e5ca23448ba42e379747a9e0f7f1fbc00c8a81bbaac395731b56")]
    [InlineData("{HMAC-MD5}cd3ba7deaad6e5ca23448ba42e379747a9e0f7f1fbc00c8a81bbaac395731b56")]
    [InlineData("{DIGEST-MD5}734c726901e727cce7aec830575f6ac5")]
    [InlineData("{OTP}sha1 1024 fa071d83d80dcd12 e8b85eb63e7530ec")]
    [InlineData("{PLAIN}secret")]
    [InlineData("{CLEAR}secret")]
    [InlineData("{CLEARTEXT.b64}c2VjcmV0")]
    [InlineData("{PLAIN.hex}736563726574")]
    [InlineData("{PLAIN-TRUNC}4-secr")]
    [InlineData("{PLAIN-TRUNC}8-secret")]
    public void Forms_of_others(string stored)
    {
        Assert.True(PasswordScheme.Matches("secret"u8, stored, User));
        Assert.False(PasswordScheme.Matches("wrong"u8, stored, User));
        Assert.False(PasswordScheme.Matches(""u8, stored, User));
    }

    [Fact]
    public void A_scheme_refuses_a_hash_of_another_scheme() =>
        Assert.False(PasswordScheme.Matches("geheim"u8, "{SHA512-CRYPT}" + Crypt.Hash("geheim"u8, "$1$")));

    [Fact]
    public void Without_braces_it_is_crypt() => Assert.True(PasswordScheme.Matches("geheim"u8, Crypt.Hash("geheim"u8, "$1$")!));

    [Theory]
    [InlineData("{SSHA}x", "PLAIN", "{SSHA}x")]
    [InlineData("$1$salt$hash", "PLAIN", "{MD5-CRYPT}$1$salt$hash")]
    [InlineData("$1$word", "PLAIN", "{PLAIN}$1$word")]
    [InlineData("$6$salt$hash", "CRYPT", "{CRYPT}$6$salt$hash")]
    [InlineData("secret", "PLAIN", "{PLAIN}secret")]
    [InlineData("{secret", "PLAIN", "{PLAIN}{secret")]
    public void A_text_of_a_database_gets_the_databases_scheme(string stored, string scheme, string expected) => Assert.Equal(expected, PasswordScheme.WithScheme(stored, scheme));

    [Theory]
    [InlineData("{ROT13}geheim", "unknown password scheme {ROT13}")]
    [InlineData("{}geheim", "unknown password scheme in braces")]
    [InlineData("{my secret} geheim", "unknown password scheme in braces")]
    [InlineData("{SHA256.rot13}geheim", "unknown password scheme {SHA256.rot13}")]
    [InlineData("{NTLM}5765e0a1d5b3d4d7", "password scheme {NTLM} is not supported (an MD4 hash for a mechanism that is gone): the user needs a new password")]
    [InlineData("{skey}x", "password scheme {SKEY} is not supported (OTP has taken its place): the user needs a new password")]
    [InlineData("{SHA}geheim", "damaged: not what {SHA} looks like")]
    [InlineData("{CRAM-MD5}00", "damaged: not what {CRAM-MD5} looks like")]
    public void What_nobody_can_compare_is_said_without_what_is_stored(string stored, string problem)
    {
        Assert.Null(PasswordScheme.Matches("geheim"u8, stored));
        Assert.Equal(problem, PasswordScheme.Problem(stored));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{PLAIN}")]
    [InlineData("{CRYPT}")]
    [InlineData("{CRYPT}!")]
    [InlineData("{CRYPT}*0")]
    [InlineData("{PLAIN")]
    public void An_empty_locked_or_damaged_secret_matches_no_password(string stored)
    {
        Assert.NotEqual(true, PasswordScheme.Matches(""u8, stored));
        Assert.NotEqual(true, PasswordScheme.Matches("{PLAIN"u8, stored));
        Assert.NotEqual(true, PasswordScheme.Matches("*0"u8, stored));
    }

    [Theory]
    [InlineData("{MD5-CRYPT}$1$a$b", true)]
    [InlineData("$1$a$b", true)]
    [InlineData("{CRYPT}Q4CCHNZRXxxmI", true)]
    [InlineData("{CRYPT}_J9..rasmBYk8r9AiWNc", true)]
    [InlineData("{CRYPT}$3$$x", true)]
    [InlineData("$apr1$abcdefgh$bw9gEObk10asetVLiysIZ0", true)]
    [InlineData("{LDAP-MD5}x", true)]
    [InlineData("{HMAC-MD5}x", true)]
    [InlineData("{CRYPT}$y$j9T$a$b", false)]
    [InlineData("{CRYPT}$6$a$b", false)]
    [InlineData("{CRYPT}*", false)]
    [InlineData("{SSHA}x", false)]
    [InlineData("{PLAIN}x", false)]
    [InlineData("{CRAM-MD5}x", false)]
    public void Which_are_weak(string stored, bool isWeak) => Assert.Equal(isWeak, PasswordScheme.IsWeakText(stored));

    [Fact]
    public void Any_text_as_stored_is_a_verdict_and_no_exception()
    {
        var names = PasswordScheme.All.SelectMany(s => s.Aliases.Append(s.Name)).SelectMany(n => new[] { n, $"{n}.b64", $"{n}.HEX" }).ToArray();
        // No digit: a cost that the generator makes up would be computed.
        var texts = Gen.Char["$,=argonid:v{}-_ ./+\t\0üm"].Array[0, 60].Select(c => new string(c));
        Gen.Select(Gen.Int[0, names.Length - 1], texts).Sample((name, text) =>
            PasswordScheme.Matches("wrong"u8, $"{{{names[name]}}}{text}", User) is not true && PasswordScheme.Matches([], text, User) is not true);
    }

    [Fact]
    public void Cheap_forms_match_their_password_and_no_other()
    {
        string[] names = ["PLAIN", "PLAIN.b64", "CRAM-MD5", "DIGEST-MD5", "DIGEST-MD5.b64", "SSHA.hex", "MD5-CRYPT", "OTP"];
        var words = Gen.String[Gen.Char["abcäß€ $,-"], 10, 20];
        Gen.Select(Gen.Int[0, names.Length - 1], words, words).Sample((name, password, other) =>
            PasswordScheme.Matches(Encoding.UTF8.GetBytes(other), PasswordScheme.Make(names[name], Encoding.UTF8.GetBytes(password), User)!, User) == (password == other));
    }
}
