using System.Text;
using CsCheck;
using MailServers.Imap.Search;

namespace MailServers.Tests.Imap.Search;

public sealed class EncodedWordsTests
{
    [Theory] // RFC 2047 §8 among others
    [InlineData("=?ISO-8859-1?Q?a?=", "a")]
    [InlineData("=?ISO-8859-1?Q?a?= b", "a b")]
    [InlineData("=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=", "ab")]
    [InlineData("=?ISO-8859-1?Q?a?=  \t =?ISO-8859-1?Q?b?=", "ab")]
    [InlineData("=?ISO-8859-1?Q?a_b?=", "a b")]
    [InlineData("=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=", "a b")]
    [InlineData("=?iso-8859-1?q?Andr=E9?= Pirard", "Andr\u00e9 Pirard")]
    [InlineData("x =?utf-8*de?B?S8O2bG4=?= y", "x K\u00f6ln y")]
    [InlineData("=?utf-8?B?S8M=?= =?utf-8?B?tmxu?=", "K\u00f6ln")]
    [InlineData("=?windows-1252?q?=80?=", "\u20ac")]
    [InlineData("=?x-nobody?q?a?=", "a")]
    [InlineData("=?utf-8?x?a?=", "=?utf-8?x?a?=")]
    [InlineData("=?utf-8?q?a b?=", "=?utf-8?q?a b?=")]
    [InlineData("a =? b", "a =? b")]
    [InlineData("=?", "=?")]
    [InlineData("=?utf-8?q?", "=?utf-8?q?")]
    [InlineData("plain", "plain")]
    public void Words_are_decoded_and_what_is_none_stays(string raw, string text) => Assert.Equal(text, EncodedWords.Decode(raw));

    [Fact]
    public void Any_text_comes_back_from_base64() => Gen.String.Where(s => s.EnumerateRunes().All(r => r != Rune.ReplacementChar)).Sample(text =>
        Assert.Equal(text, EncodedWords.Decode($"=?utf-8?b?{Convert.ToBase64String(Encoding.UTF8.GetBytes(text))}?=")));

    [Fact]
    public void Noise_does_not_throw() => Gen.OneOf("=?", "?=", "?", "utf-8", "q", "b", "=", "C3", "_", " ", "x").Array[0, 20].Sample(words =>
    {
        EncodedWords.Decode(string.Concat(words));
    });
}
