using System.Text;
using CsCheck;
using Sasl.Credentials.Sources;
using Sasl.Hosting.Configuration;

namespace Sasl.Credentials.Tests.Sources;

public sealed class Sasldb2DumpTests
{
    readonly List<Problem> _problems = [];

    [Fact]
    public void Text_and_hexadecimal_digits()
    {
        const string print = "VERSION=3\nformat=print\ntype=hash\nh_nelem=1\nHEADER=END\n alice\\00example.org\\00userPassword\n p\\c3\\a4ss:w\\\\ord\nDATA=END\n";
        const string hex = "VERSION=3\nformat=bytevalue\ntype=hash\nHEADER=END\n 616c696365006578616d706c652e6f7267007573657250617373776f7264\n 70c3a4\nDATA=END\n";
        var (text, digits) = (Assert.Single(Sasldb2Dump.Parse("d", print, _problems)), Assert.Single(Sasldb2Dump.Parse("d", hex.Replace("\n", "\r\n"), _problems)));
        Assert.Equal(("alice", "example.org", "userPassword", "päss:w\\ord", 7), (text.User, text.Realm, text.Property, Encoding.UTF8.GetString(text.Value), text.Line));
        Assert.Equal(("alice", "example.org", "userPassword", "pä"), (digits.User, digits.Realm, digits.Property, Encoding.UTF8.GetString(digits.Value)));
        Assert.Empty(_problems);
    }

    [Theory]
    [InlineData("", "d: no DATA=END: the dump is not whole", 0)]
    [InlineData("nonsense\n", "d, line 1: no records: is it what db_dump prints?", 0)]
    [InlineData("format=print\nHEADER=END\n a\\00\\00p\n secret\n", "d, line 4: no DATA=END: the dump is not whole", 1)]
    [InlineData("format=print\nHEADER=END\n a\\00\\00p\n secret\n b\\00\\00p\nDATA=END\n", "d, line 6: a key without its value", 1)]
    [InlineData("format=print\nHEADER=END\n a\\00\\00p\n topsecret\\0\n b\\00\\00p\n 1\nDATA=END\n", "d, line 4: not what the header's format says", 1)]
    [InlineData("format=bytevalue\nHEADER=END\n 61\n topsecret\n 6100620063\n 31\nDATA=END\n", "d, line 4: not what the header's format says", 1)]
    [InlineData("format=print\nHEADER=END\n a\\00p\n topsecret\n b\\00\\00p\n 1\nDATA=END\n", "d, line 4: the key is not user, realm and property", 1)]
    [InlineData("format=print\nHEADER=END\n a\\ff\\00\\00p\n topsecret\n b\\00\\00p\n 1\nDATA=END\n", "d, line 4: the name is not UTF-8", 1)]
    [InlineData("format=print\nHEADER=END\ntopsecret\n b\\00\\00p\n 1\nDATA=END\n", "d, line 3: a line without its blank in front: the dump is damaged, and nothing behind it counts", 0)]
    public void What_is_damaged_is_told_without_secrets_and_the_rest_is_read(string dump, string problem, int records)
    {
        Assert.Equal(records, Sasldb2Dump.Parse("d", dump, _problems).Count);
        Assert.Equal(problem, Assert.Single(_problems).ToString());
    }

    [Fact]
    public void Whatever_the_records_are_both_forms_read_back() =>
        Gen.Select(Name, Name, Name, Gen.Byte.Array[0, 40]).Array[1, 20].Select(Gen.Bool).Sample((records, isText) =>
        {
            var dump = new StringBuilder($"VERSION=3\nformat={(isText ? "print" : "bytevalue")}\nHEADER=END\n");
            foreach (var (user, realm, property, value) in records)
                dump.Append(' ').Append(Write(Encoding.UTF8.GetBytes($"u{user}\0{realm}\0p{property}"), isText)).Append("\n ").Append(Write(value, isText)).Append('\n');
            var problems = new List<Problem>();
            var read = Sasldb2Dump.Parse("d", dump.Append("DATA=END\n").ToString(), problems);
            Assert.Empty(problems);
            Assert.Equal(records.Select(r => ($"u{r.Item1}", r.Item2, $"p{r.Item3}", Convert.ToHexString(r.Item4))), read.Select(r => (r.User, r.Realm, r.Property, Convert.ToHexString(r.Value))));
        });

    static Gen<string> Name { get; } = Gen.String[0, 12].Where(s => !s.Contains('\0') && s.IsNormalized() && !s.Any(char.IsSurrogate));

    static string Write(byte[] bytes, bool isText) => isText
        ? string.Concat(bytes.Select(b => b == '\\' ? "\\\\" : b is >= 0x20 and < 0x7f ? ((char)b).ToString() : $"\\{b:x2}")) : Convert.ToHexStringLower(bytes);
}
