using System.Diagnostics;
using System.Text;
using CsCheck;

namespace Sasl.Mechanisms.Tests.Text;

public sealed class PreparationTests
{
    static readonly StringPreparation[] _ways = [StringPreparation.None, StringPreparation.SaslPrep, StringPreparation.Precis];

    [Theory]
    [InlineData(StringPreparation.None, "I\u00ADX", "I\u00ADX")]
    [InlineData(StringPreparation.SaslPrep, "I\u00ADX", "IX")]
    [InlineData(StringPreparation.SaslPrep, "ﬁ", "fi")]
    [InlineData(StringPreparation.SaslPrep, "a b", "a b")]
    [InlineData(StringPreparation.SaslPrep, "\u00AD", null)]
    [InlineData(StringPreparation.SaslPrep, "a\tb", null)]
    [InlineData(StringPreparation.SaslPrep, "", null)]
    [InlineData(StringPreparation.Precis, "Ａlice", "Alice")]
    [InlineData(StringPreparation.Precis, "JOSE\u0301", "JOSÉ")]
    [InlineData(StringPreparation.Precis, "a b", null)]
    [InlineData(StringPreparation.Precis, "ﬁ", null)]
    [InlineData(StringPreparation.Precis, "", null)]
    public void Names(StringPreparation how, string name, string? expected)
    {
        Assert.Equal(expected is not null, Preparation.TryPrepareName(how, name, out var prepared));
        Assert.Equal(expected ?? "", prepared);
    }

    [Theory]
    [InlineData("Alice@Example.ORG", "alice@example.org")]
    [InlineData("JOSÉ", "josé")]
    [InlineData("alice", "alice")]
    [InlineData("a b", null)]
    [InlineData("", null)]
    public void Names_where_case_does_not_matter(string name, string? expected)
    {
        Assert.Equal(expected is not null, Preparation.TryPrepareCaseMappedName(name, out var prepared));
        Assert.Equal(expected ?? "", prepared);
    }

    [Theory]
    [InlineData(StringPreparation.SaslPrep, "pässwörd\u00A0", "pässwörd ")]
    [InlineData(StringPreparation.SaslPrep, "Ⅸ", "IX")]
    [InlineData(StringPreparation.SaslPrep, "\u00AD", null)]
    [InlineData(StringPreparation.SaslPrep, "a\nb", null)]
    [InlineData(StringPreparation.Precis, "foo\u1680bar", "foo bar")]
    [InlineData(StringPreparation.Precis, "Ⅸ", "Ⅸ")]
    [InlineData(StringPreparation.Precis, "p😀", "p😀")]
    [InlineData(StringPreparation.Precis, "a\nb", null)]
    [InlineData(StringPreparation.Precis, "", null)]
    [InlineData(StringPreparation.SaslPrep, "", null)]
    public void Passwords(StringPreparation how, string password, string? expected)
    {
        Assert.Equal(expected is not null, Preparation.TryPreparePassword(how, Encoding.UTF8.GetBytes(password), out var prepared));
        Assert.Equal(expected ?? "", Encoding.UTF8.GetString(prepared));
    }

    [Fact]
    public void An_unassigned_character_is_for_queries_of_SASLprep_only()
    {
        Assert.True(Preparation.TryPrepareName(StringPreparation.SaslPrep, "😀", out _));
        Assert.False(Preparation.TryPrepareName(StringPreparation.SaslPrep, "😀", out _, stored: true));
        Assert.True(Preparation.TryPreparePassword(StringPreparation.SaslPrep, "😀"u8, out _));
        Assert.False(Preparation.TryPreparePassword(StringPreparation.SaslPrep, "😀"u8, out _, stored: true));
        Assert.False(Preparation.TryPreparePassword(StringPreparation.Precis, "\u0378"u8, out _));
    }

    [Fact]
    public void Bytes_that_are_not_utf8_are_no_password_unless_nothing_is_prepared()
    {
        byte[][] wrong = [[0xC3], [0xC3, 0x28], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x80], [0x61, 0xFF]];
        foreach (var bytes in wrong)
        {
            Assert.False(Preparation.TryPreparePassword(StringPreparation.SaslPrep, bytes, out var prepared));
            Assert.Empty(prepared);
            Assert.False(Preparation.TryPreparePassword(StringPreparation.Precis, bytes, out _));
            Assert.True(Preparation.TryPreparePassword(StringPreparation.None, bytes, out prepared));
            Assert.Equal(bytes, prepared);
        }
    }

    [Theory]
    [InlineData(Preparation.LongestText, true)]
    [InlineData(Preparation.LongestText + 1, false)]
    public void The_length_is_bounded(int length, bool good)
    {
        foreach (var how in new[] { StringPreparation.SaslPrep, StringPreparation.Precis })
        {
            Assert.Equal(good, Preparation.TryPrepareName(how, new string('a', length), out _));
            Assert.Equal(good, Preparation.TryPrepareName(how, new string('é', length), out _));
            Assert.Equal(good, Preparation.TryPreparePassword(how, Encoding.ASCII.GetBytes(new string('a', length)), out _));
            Assert.Equal(good, Preparation.TryPreparePassword(how, Encoding.UTF8.GetBytes(new string('é', length / 2) + new string('a', length % 2)), out _));
        }
        Assert.Equal(good, Preparation.TryPrepareCaseMappedName(new string('A', length), out _));
    }

    [Fact]
    public void A_result_that_would_be_refused_itself_is_none()
    {
        // U+FDFA is three bytes and becomes 33 of them.
        var ligatures = new string('\uFDFA', 1000);
        Assert.False(Preparation.TryPreparePassword(StringPreparation.SaslPrep, Encoding.UTF8.GetBytes(ligatures), out var password));
        Assert.Empty(password);
        Assert.False(Preparation.TryPrepareName(StringPreparation.SaslPrep, ligatures, out var name));
        Assert.Equal("", name);
    }

    /// <summary>The result is a copy, so that the caller may zero it; what is worked in goes back to the pool as zeros.</summary>
    [Fact]
    public void No_password_stays_in_rented_memory()
    {
        var password = "geheim\u00A0é\u0316\u0301 Ⅸ"u8.ToArray();
        foreach (var how in new[] { StringPreparation.SaslPrep, StringPreparation.Precis })
        {
            Assert.True(Preparation.TryPreparePassword(how, password, out _));
            Assert.False(Preparation.TryPreparePassword(how, [.. password, 0x07], out _));
        }
        for (var size = 16; size <= 1024; size *= 2)
        {
            // Whoever else uses the pool may leave other numbers in it.
            var rented = System.Buffers.ArrayPool<int>.Shared.Rent(size);
            Assert.True(rented.AsSpan().IndexOf(['g', 'e', 'h', 'e', 'i', 'm']) < 0, "the password is in the pool's memory");
        }
    }

    [Fact]
    public void Printable_ascii_is_what_it_was() => Gen.String[Gen.Char['!', '~'], 1, 100].Sample(text =>
    {
        foreach (var how in _ways)
        {
            Assert.True(Preparation.TryPrepareName(how, text, out var prepared));
            Assert.Same(text, prepared);
            Assert.True(Preparation.TryPreparePassword(how, Encoding.ASCII.GetBytes(text + " "), out var password));
            Assert.Equal(text + " ", Encoding.ASCII.GetString(password));
        }
    });

    [Fact]
    public void A_prepared_name_of_ascii_costs_no_allocation()
    {
        foreach (var how in _ways)
            Preparation.TryPrepareName(how, "alice", out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var how in _ways)
            Preparation.TryPrepareName(how, "alice", out _);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    static readonly Gen<string> _texts = Gen.OneOf(Gen.Int[0, 0x10FFFF], Gen.Int[0x20, 0x24F], Gen.Int[0x300, 0x3FF], Gen.Int[0x590, 0x6FF], Gen.Int[0x2000, 0x206F], Gen.Int[0x3000, 0x30FF], Gen.Int[0xF900, 0xFFFF])
        .Where(Rune.IsValid).Select(char.ConvertFromUtf32).Array[0, 8].Select(string.Concat);

    [Fact]
    public void What_is_prepared_stays_as_it_is() => _texts.Sample(StaysAsItIs, iter: 20_000);

    [Fact]
    public void Every_character_that_is_prepared_stays_as_it_is() =>
        Assert.All(Enumerable.Range(0, 0x110000).Where(Rune.IsValid).Select(char.ConvertFromUtf32), StaysAsItIs);

    static void StaysAsItIs(string text)
    {
        foreach (var how in _ways)
        {
            if (Preparation.TryPrepareName(how, text, out var name))
            {
                Assert.True(Preparation.TryPrepareName(how, name, out var again));
                Assert.Equal(name, again);
            }
            if (Preparation.TryPreparePassword(how, Encoding.UTF8.GetBytes(text), out var password))
            {
                Assert.True(Preparation.TryPreparePassword(how, password, out var again));
                Assert.Equal(password, again);
            }
        }
        if (Preparation.TryPrepareCaseMappedName(text, out var mapped))
        {
            Assert.True(Preparation.TryPrepareCaseMappedName(mapped, out var again));
            Assert.Equal(mapped, again);
        }
    }

    [Fact]
    public void Any_bytes_and_any_characters_are_answered() => Gen.Select(Gen.Byte.Array, Gen.String).Sample((bytes, text) =>
    {
        foreach (var how in _ways)
        {
            Preparation.TryPreparePassword(how, bytes, out _);
            Preparation.TryPrepareName(how, text, out _);
        }
        Preparation.TryPrepareCaseMappedName(text, out _);
    });

    [Theory]
    [InlineData("\u0301\u0316")]
    [InlineData("\uFDFA")]
    [InlineData("\u064B\u200C")]
    [InlineData("\u0628\u064B\u064B\u200C")]
    [InlineData("Σ\u0301")]
    [InlineData("\u05D0\u05BC")]
    public void A_flood_takes_milliseconds(string pattern)
    {
        var flood = string.Concat(Enumerable.Repeat(pattern, Preparation.LongestText / pattern.Length));
        var clock = Stopwatch.StartNew();
        foreach (var how in _ways)
            Preparation.TryPrepareName(how, flood, out _);
        Preparation.TryPrepareCaseMappedName(flood, out _);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"{clock.Elapsed}");
    }
}
