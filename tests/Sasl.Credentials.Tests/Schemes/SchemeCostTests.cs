using System.Diagnostics;
using Sasl.Credentials.Schemes;

namespace Sasl.Credentials.Tests.Schemes;

public sealed class SchemeCostTests
{
    static SchemeCost CostOf(string stored) => StoredForm.Read(stored) is { Scheme: { } scheme } form ? scheme.Cost(form) : default;

    [Theory]
    [InlineData("{CRYPT}$y$j9T$abcdefghijklmnop$x", 16)]
    [InlineData("{YESCRYPT}$y$jCT$abcdefghijklmnop$x", 128)]
    [InlineData("$gy$j9T$abcdefghijklmnop$x", 16)]
    [InlineData("$7$CU..../....abcdefgh$x", 64)]
    [InlineData("{ARGON2ID}$argon2id$v=19$m=65536,t=3,p=1$n2NLeLh+7C6kMZcyvh3duQ$d7gjd6m4sPrMRhw8cLciuV3WMUhiWiS2DJarabsa/6E", 64)]
    [InlineData("{SHA512-CRYPT}$6$a$b", 0)]
    public void The_memory_of_a_hash_stands_in_it(string stored, long megabytes) => Assert.Equal(megabytes << 20, CostOf(stored).Memory);

    [Theory]
    [InlineData("{CRYPT}$2b$17$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a")]
    [InlineData("{BLF-CRYPT}$2y$31$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a")]
    [InlineData("{SHA512-CRYPT}$6$rounds=999999999$a$b")]
    [InlineData("{SHA256-CRYPT}$5$rounds=99999999999999999999$a$b")]
    [InlineData("{CRYPT}$sha1$4294967295$a$b")]
    [InlineData("{CRYPT}$md5,rounds=4294967295$a$b")]
    [InlineData("{CRYPT}$y$jFT$abcdefghijklmnop$x")]
    [InlineData("{CRYPT}$7$LU..../....abcdefgh$x")]
    [InlineData("{ARGON2ID}$argon2id$v=19$m=4194304,t=1,p=1$n2NLeLh+7C6kMZcyvh3duQ$d7gjd6m4sPrMRhw8cLciuV3WMUhiWiS2DJarabsa/6E")]
    [InlineData("{ARGON2ID}$argon2id$v=19$m=65536,t=2147483647,p=1$n2NLeLh+7C6kMZcyvh3duQ$d7gjd6m4sPrMRhw8cLciuV3WMUhiWiS2DJarabsa/6E")]
    [InlineData("{CRYPT}$argon2i$v=19$m=2147483647,t=1,p=1$n2NLeLh+7C6kMZcyvh3duQ$d7gjd6m4sPrMRhw8cLciuV3WMUhiWiS2DJarabsa/6E")]
    [InlineData("{PBKDF2}$1$a$2147483647$a62674c2602b913c5261139216201568a5406d4c")]
    [InlineData("{SCRAM-SHA-1}2147483647,qFut7F5socwxVllCJOPJBA==,m04CbqQVfk1qR5pjDTV3nOaH5I4=,7IzcCxJCQpXEtgiE12scUnFcogc=")]
    public void Hash_cost_as_a_denial_of_service_a_monster_is_not_computed(string stored)
    {
        Assert.NotNull(CostOf(stored).Excess);
        Assert.Null(PasswordScheme.Matches("secret"u8, stored));
        Assert.Contains("stored", PasswordScheme.Problem(stored));
    }

    [Theory]
    [InlineData("{SSHA}K7grYSw1OmLUrAKZGqLkgBxLv1O5TiFa")]
    [InlineData("{PLAIN}secret")]
    [InlineData("{CRAM-MD5}cd3ba7deaad6e5ca23448ba42e379747a9e0f7f1fbc00c8a81bbaac395731b56")]
    public void What_is_compared_at_once(string stored) => Assert.True(CostOf(stored).IsCheap);

    /// <summary>What would tell an unknown user from a known one: the quickest of a few, since other work on the machine only makes one slower.</summary>
    [Theory]
    [InlineData("ARGON2ID")]
    [InlineData("YESCRYPT")]
    [InlineData("PBKDF2")]
    [InlineData("BLF-CRYPT")]
    [InlineData("SHA512-CRYPT")]
    public void User_enumeration_by_time_a_setting_costs_what_its_hash_costs(string scheme)
    {
        var stored = PasswordScheme.Make(scheme, "secret"u8)!;
        var setting = PasswordScheme.SettingOf(stored);
        var ratio = double.MaxValue;
        for (var attempt = 0; attempt < 5 && ratio > 1.3; attempt++)
        {
            var (known, unknown) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
            for (var i = 0; i < 4; i++)
            {
                known = Min(known, stored);
                unknown = Min(unknown, setting);
            }
            ratio = Math.Min(ratio, Math.Max(known / unknown, unknown / known));
        }
        Assert.InRange(ratio, 1, 1.3);
    }

    static TimeSpan Min(TimeSpan least, string stored)
    {
        var clock = Stopwatch.StartNew();
        PasswordScheme.Matches("wrong"u8, stored);
        return clock.Elapsed < least ? clock.Elapsed : least;
    }
}
