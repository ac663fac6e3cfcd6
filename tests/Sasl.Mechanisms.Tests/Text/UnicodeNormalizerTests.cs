using System.Diagnostics;
using System.Text;
using CsCheck;
using Sasl.Mechanisms.Text;
using Testing;

namespace Sasl.Mechanisms.Tests.Text;

public sealed class UnicodeNormalizerTests
{
    static readonly NormalizationForm[] _forms = [NormalizationForm.FormC, NormalizationForm.FormD, NormalizationForm.FormKC, NormalizationForm.FormKD];

    static string Normalize(string text, NormalizationForm form)
    {
        Assert.True(UnicodeNormalizer.TryNormalize(text, form, out var normalized));
        return normalized;
    }

    [Theory]
    [InlineData("ﬁ", NormalizationForm.FormKC, "fi")]
    [InlineData("e\u0301", NormalizationForm.FormC, "é")]
    [InlineData("é", NormalizationForm.FormD, "e\u0301")]
    [InlineData("Ａ", NormalizationForm.FormKC, "A")]
    [InlineData("Ａ", NormalizationForm.FormC, "Ａ")]
    [InlineData("한", NormalizationForm.FormD, "\u1112\u1161\u11AB")]
    [InlineData("\u1112\u1161\u11AB", NormalizationForm.FormC, "한")]
    [InlineData("\u0958", NormalizationForm.FormC, "\u0915\u093C")]
    // Corrigendum 5: the mark stays between the jamo.
    [InlineData("\u1100\u0300\u1161", NormalizationForm.FormC, "\u1100\u0300\u1161")]
    // The trailing jamo that stands for none is no trailing jamo.
    [InlineData("가\u11A7", NormalizationForm.FormC, "가\u11A7")]
    public void Forms(string text, NormalizationForm form, string expected) => Assert.Equal(expected, Normalize(text, form));

    /// <summary>UAX #15: all lines of the conformance test, and all characters that its part 1 does not name.</summary>
    [RequiresFact(program: "/usr/share/unicode/NormalizationTest.txt.bz2")]
    public void The_conformance_test_of_Unicode()
    {
        var (lines, part1) = (0, new HashSet<string>());
        var part = "";
        foreach (var line in Python.Answers("import bz2, sys\nsys.stdout.write(bz2.open('/usr/share/unicode/NormalizationTest.txt.bz2', 'rt', encoding='utf-8').read().encode('ascii', 'replace').decode())", []))
        {
            if (line.StartsWith('@'))
                part = line.Split(' ')[0];
            if (line.Split(';') is not [var c1, var c2, var c3, var c4, var c5, ..] || line[0] == '#')
                continue;
            string[] column = [.. new[] { c1, c2, c3, c4, c5 }.Select(Python.FromHex)];
            foreach (var text in column)
            {
                var canonical = text == column[3] || text == column[4] ? 3 : 1;
                Assert.Equal((line, column[canonical]), (line, Normalize(text, NormalizationForm.FormC)));
                Assert.Equal((line, column[canonical == 3 ? 4 : 2]), (line, Normalize(text, NormalizationForm.FormD)));
                Assert.Equal((line, column[3]), (line, Normalize(text, NormalizationForm.FormKC)));
                Assert.Equal((line, column[4]), (line, Normalize(text, NormalizationForm.FormKD)));
            }
            lines++;
            if (part == "@Part1")
                part1.Add(column[0]);
        }
        Assert.True(lines > 19_000 && part1.Count > 16_000, $"{lines} lines, {part1.Count} characters");
        foreach (var text in AllCharacters().Where(c => !part1.Contains(c)))
            Assert.All(_forms, f => Assert.Equal(text, Normalize(text, f)));
    }

    /// <summary>RFC 3454 §4: strings of characters of Unicode 3.2, beside an implementation that has that version.</summary>
    [RequiresFact(program: Python.Program)]
    public void Unicode_3_2_as_Python_has_it()
    {
        const string Script = """
            import sys, unicodedata
            for line in open(sys.argv[1]):
                text = ''.join(chr(int(c, 16)) for c in line.split())
                print(' '.join('%04X' % ord(c) for c in unicodedata.ucd_3_2_0.normalize('NFKC', text)))
            """;
        // Python orders marks of later versions as well; for them the next test.
        var characters = AllCharacters().Where(c => Stringprep.Assigned[char.ConvertToUtf32(c, 0)] != 0).ToArray();
        var marks = characters.Where(c => NormalizationData.Unicode32.CombiningClass(char.ConvertToUtf32(c, 0)) != 0).ToArray();
        var random = new Random(32);
        string[] texts =
        [
            .. characters,
            .. characters.Select(c => $"a{c}{marks[random.Next(marks.Length)]}"),
            .. characters.Select(c => $"{c}{marks[random.Next(marks.Length)]}{marks[random.Next(marks.Length)]}"),
        ];
        Python.Compare(Script, texts, text => Python.Hex(Normalize32(text)));
    }

    [Theory]
    // U+0358 of Unicode 4.1 is a mark of class 232 now, U+1D2C of 4.0 is a small capital A; U+0591 is of class 220.
    [InlineData("a\u0358\u0591", "a\u0358\u0591", "a\u0591\u0358")]
    [InlineData("\u1D2C", "\u1D2C", "A")]
    // Corrigendum 4.
    [InlineData("\U0002F868", "\U0002136A", "\u36FC")]
    public void Characters_after_Unicode_3_2_and_later_corrections(string text, string then, string now)
    {
        Assert.Equal(then, Normalize32(text));
        Assert.Equal(now, Normalize(text, NormalizationForm.FormKC));
    }

    static string Normalize32(string text)
    {
        using var buffer = new CodePointBuffer(16);
        buffer.TryAddUtf16(text);
        UnicodeNormalizer.Normalize(buffer, NormalizationForm.FormKC, NormalizationData.Unicode32);
        return buffer.ToString();
    }

    static IEnumerable<string> AllCharacters() => Enumerable.Range(0, 0x110000).Where(Rune.IsValid).Select(char.ConvertFromUtf32);

    [Fact]
    public void What_is_normal_stays_the_same_instance()
    {
        string[] texts = ["", "alice", "José", "한국"];
        Assert.All(texts, t => Assert.Same(t, Normalize(t, NormalizationForm.FormC)));
        var ascii = "correct horse battery staple";
        var before = GC.GetAllocatedBytesForCurrentThread();
        UnicodeNormalizer.TryNormalize(ascii, NormalizationForm.FormKC, out _);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Half_a_surrogate_pair_is_no_text()
    {
        // Not as inline data, for an attribute cannot hold them.
        foreach (var text in new[] { "\uD800", "a\uDC00b", "\uDC00\uD800" })
            Assert.All(_forms, f => Assert.False(UnicodeNormalizer.TryNormalize(text, f, out _)));
    }

    [Fact]
    public void The_length_is_bounded()
    {
        Assert.True(UnicodeNormalizer.TryNormalize(new string('\uFDFA', UnicodeNormalizer.LongestText), NormalizationForm.FormKC, out var longest));
        Assert.Equal(18 * UnicodeNormalizer.LongestText, longest.Length);
        Assert.False(UnicodeNormalizer.TryNormalize(new string('a', UnicodeNormalizer.LongestText + 1), NormalizationForm.FormKC, out _));
    }

    /// <summary>Marks in the worst order: an insertion sort of so many takes minutes.</summary>
    [Fact]
    public void A_flood_of_combining_marks_is_put_in_order_in_linear_time()
    {
        const int Marks = 200_000;
        using var text = new CodePointBuffer(Marks);
        text.Add('a');
        for (var i = 0; i < Marks; i++)
            text.Add(i % 2 == 0 ? 0x0301 : 0x0316);
        var clock = Stopwatch.StartNew();
        UnicodeNormalizer.Normalize(text, NormalizationForm.FormC, NormalizationData.Current);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(3), $"{clock.Elapsed}");
        Assert.Equal([0x00E1, 0x0316], text.Span[..2].ToArray());
        Assert.Equal([0x0316, 0x0301], text.Span[(Marks / 2)..((Marks / 2) + 2)].ToArray());
        Assert.Equal(Marks, text.Span.Length);
    }

    /// <summary>Both sorts are stable and agree, whatever the length of the run.</summary>
    [Fact]
    public void Marks_of_one_class_keep_their_order()
    {
        const int Shift = 21;
        Gen.Int[0, 255].Array[0, 80].Sample(classes =>
        {
            var text = classes.Select((c, i) => (c << Shift) | i).ToArray();
            CanonicalOrder.Sort(text, Shift);
            var expected = new List<int>();
            for (var i = 0; i < classes.Length;)
            {
                var run = classes.Skip(i).TakeWhile(c => c != 0).Count();
                expected.AddRange(Enumerable.Range(i, run).OrderBy(at => classes[at]).Select(at => (classes[at] << Shift) | at));
                if (i + run < classes.Length)
                    expected.Add(i + run);
                i += run + 1;
            }
            Assert.Equal(expected, text);
        });
    }

    static readonly Gen<string> _texts = Gen.OneOf(Gen.Int[0, 0x10FFFF], Gen.Int[0xA0, 0x3FF], Gen.Int[0x300, 0x36F], Gen.Int[0x1100, 0x11FF], Gen.Int[0xAC00, 0xD7A3])
        .Where(Rune.IsValid).Select(char.ConvertFromUtf32).Array[0, 40].Select(string.Concat);

    [Fact]
    public void Normalizing_twice_is_normalizing_once() => _texts.Sample(text => Assert.All(_forms, form =>
    {
        var once = Normalize(text, form);
        Assert.Equal(once, Normalize(once, form));
    }));

    [Fact]
    public void The_forms_agree_with_one_another() => _texts.Sample(text =>
    {
        Assert.Equal(Normalize(text, NormalizationForm.FormC), Normalize(Normalize(text, NormalizationForm.FormD), NormalizationForm.FormC));
        Assert.Equal(Normalize(text, NormalizationForm.FormKD), Normalize(Normalize(text, NormalizationForm.FormKC), NormalizationForm.FormKD));
        Assert.Equal(Normalize(text, NormalizationForm.FormKC), Normalize(Normalize(text, NormalizationForm.FormC), NormalizationForm.FormKC));
    });
}
