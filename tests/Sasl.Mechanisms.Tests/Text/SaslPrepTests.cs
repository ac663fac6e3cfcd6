using System.Text.RegularExpressions;
using Sasl.Mechanisms.Text;
using Testing;

namespace Sasl.Mechanisms.Tests.Text;

public sealed partial class SaslPrepTests
{
    /// <summary>RFC 4013 §3.</summary>
    [Theory]
    [InlineData("I\u00ADX", "IX")]
    [InlineData("user", "user")]
    [InlineData("USER", "USER")]
    [InlineData("\u00AA", "a")]
    [InlineData("\u2168", "IX")]
    [InlineData("\u0007", null)]
    [InlineData("\u06271", null)]
    public void Examples_of_the_RFC(string text, string? expected) => Assert.Equal(expected, Prepare(text, stored: true));

    [Theory]
    // Mapping comes first, then normalization, then what is prohibited.
    [InlineData("a\u00A0b\u3000c", "a b c")]
    [InlineData("a\u200Bb", "a b")]
    [InlineData("\uFEFFa\u200D\uFE0F", "a")]
    [InlineData("\u0340", "\u0300")]
    [InlineData("e\u0301", "é")]
    [InlineData("\uFB01\u017F", "fis")]
    [InlineData("ＡＢ", "AB")]
    [InlineData("\u00AD", "")]
    public void Mapping_and_normalization(string text, string expected) => Assert.Equal(expected, Prepare(text, stored: true));

    /// <summary>RFC 4013 §2.3: one of each table, and the ends of ranges.</summary>
    [Theory]
    [InlineData(0x0000), InlineData(0x001F), InlineData(0x007F)]
    [InlineData(0x0080), InlineData(0x009F), InlineData(0x06DD), InlineData(0x070F), InlineData(0x180E), InlineData(0x2028), InlineData(0x2063), InlineData(0xFFFC), InlineData(0x1D17A)]
    [InlineData(0xE000), InlineData(0xF8FF), InlineData(0xF0000), InlineData(0x10FFFD)]
    [InlineData(0xFDD0), InlineData(0xFDEF), InlineData(0xFFFE), InlineData(0x1FFFF), InlineData(0x10FFFF)]
    [InlineData(0xFFFD)]
    [InlineData(0x2FF0), InlineData(0x2FFB)]
    [InlineData(0x200E), InlineData(0x202E), InlineData(0x206F)]
    [InlineData(0xE0001), InlineData(0xE007F)]
    public void Prohibited(int codePoint)
    {
        Assert.Null(Prepare($"a{char.ConvertFromUtf32(codePoint)}b", stored: false));
        Assert.Null(Prepare($"a{char.ConvertFromUtf32(codePoint)}b", stored: true));
    }

    [Theory]
    [InlineData("\u0627\u0628", true)]
    [InlineData("\u06271\u0628", true)]
    [InlineData("\u0627 \u0628", true)]
    [InlineData("1\u0627", false)]
    [InlineData("\u06271", false)]
    [InlineData("\u0627a\u0628", false)]
    [InlineData("a\u0627", false)]
    [InlineData("12 34", true)]
    public void What_goes_from_right_to_left(string text, bool good) => Assert.Equal(good, Prepare(text, stored: true) is not null);

    /// <summary>RFC 3454 §7.</summary>
    [Theory]
    [InlineData("\u0221")]
    [InlineData("\U0001F600")]
    [InlineData("\u1D2C")]
    public void A_character_after_Unicode_3_2_is_for_queries_only(string text)
    {
        Assert.Null(Prepare(text, stored: true));
        Assert.Equal(text, Prepare(text, stored: false));
    }

    /// <summary>The tables and the steps beside Python's stringprep module, which is generated from the RFC.</summary>
    [RequiresFact(program: Python.Program)]
    public void As_Python_has_it()
    {
        const string Script = """
            from stringprep import *
            import sys, unicodedata
            tables = (in_table_c12, in_table_c21_c22, in_table_c3, in_table_c4, in_table_c5, in_table_c6, in_table_c7, in_table_c8, in_table_c9)
            def prepare(text, stored):
                text = ''.join(' ' if in_table_c12(c) else c for c in text if in_table_c12(c) or not in_table_b1(c))
                text = unicodedata.ucd_3_2_0.normalize('NFKC', text)
                if any(t(c) for c in text for t in tables) or (stored and any(in_table_a1(c) for c in text)):
                    return '!'
                if any(in_table_d1(c) for c in text) and (any(in_table_d2(c) for c in text) or not in_table_d1(text[0]) or not in_table_d1(text[-1])):
                    return '!'
                return ' '.join('%04X' % ord(c) for c in text)
            for line in open(sys.argv[1]):
                text = ''.join(chr(int(c, 16)) for c in line.split())
                print(prepare(text, True) + ';' + prepare(text, False))
            """;
        string[] texts = [.. Samples.EveryCharacter, .. Samples.Mixed(seed: 4013, count: 60_000, onlyUnicode32: true)];
        Python.Compare(Script, texts, text => $"{Shown(text, stored: true)};{Shown(text, stored: false)}");
    }

    /// <summary>GNU SASL's own gsasl_saslprep (libidn's tables).</summary>
    [RequiresFact(program: Python.Program)]
    public void As_GNU_SASL_has_it()
    {
        const string Script = """
            import ctypes, sys
            gsasl, libc = ctypes.CDLL('libgsasl.so.18'), ctypes.CDLL(None)
            libc.free.argtypes = [ctypes.c_void_p]
            def prepare(text, flags):
                out = ctypes.c_void_p()
                if gsasl.gsasl_saslprep(text, flags, ctypes.byref(out), None) != 0:
                    return '!'
                prepared = ctypes.string_at(out).decode()
                libc.free(out)
                return ' '.join('%04X' % ord(c) for c in prepared)
            for line in open(sys.argv[1]):
                text = ''.join(chr(int(c, 16)) for c in line.split()).encode()
                # Its GSASL_ALLOW_UNASSIGNED (1) in fact refuses them, and without it they pass.
                print(prepare(text, 1) + ';' + prepare(text, 0))
            """;
        string[] texts = [.. Samples.EveryCharacter.Skip(1), .. Samples.Mixed(seed: 5802, count: 60_000, onlyUnicode32: false)];
        Python.Compare(Script, texts, text => $"{Shown(text, stored: true)};{Shown(text, stored: false)}", known: BeforeCorrigendum5().IsMatch);
    }

    /// <summary>
    /// Its one difference: Corrigendum 5 of Unicode (2004) is not in it. A jamo joins another over the marks between them, which stay behind the syllable.
    /// </summary>
    [GeneratedRegex(@"^[^;]*(11(0[0-9A-F]|1[0-2])|[A-D][0-9A-F]{3})( 03[0-6][0-9A-F]| 05[9AB][0-9A-F])+ 11[6-9A-C][0-9A-F]")]
    private static partial Regex BeforeCorrigendum5();

    static string Shown(string text, bool stored) => Prepare(text, stored) is { } prepared ? Python.Hex(prepared) : "!";

    static string? Prepare(string text, bool stored)
    {
        using var buffer = new CodePointBuffer(text.Length);
        Assert.True(buffer.TryAddUtf16(text));
        return SaslPrep.TryPrepare(buffer, stored) ? buffer.ToString() : null;
    }
}
