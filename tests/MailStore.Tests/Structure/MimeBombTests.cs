using System.Text;
using MailStore.Structure;

namespace MailStore.Tests.Structure;

/// <summary>Floods in headers cost what their bytes cost: counted in memory, since time says nothing on a busy machine.</summary>
public sealed class MimeBombTests
{
    static long Cost(string text)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        StructureParser.Parse(new MemoryStream(bytes));
        var before = GC.GetAllocatedBytesForCurrentThread();
        StructureParser.Parse(new MemoryStream(bytes));
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    [Theory]
    [InlineData("Content-Type: text/plain", "; x*0=a; x*1=b", 12_000)]
    [InlineData("Content-Disposition: attachment", "; x*0*=a; y*199=b", 12_000)]
    [InlineData("To: ", "a@b,", 9_000)]
    [InlineData("From: ", "<@a,@b:c@d>,", 9_000)]
    [InlineData("Cc: ", "g:a,b;", 9_000)]
    [InlineData("Bcc: ", "(((x)))", 9_000)]
    [InlineData("Subject: x", "\r\n folded", 20_000)]
    public void Header_bombs_cost_no_more_than_their_size(string field, string piece, int times)
    {
        // CVE-2024-23184 (addresses), CVE-2026-27859 (RFC 2231 parameters).
        string Mail(int count) => field + string.Concat(Enumerable.Repeat(piece, count)) + "\r\n\r\nbody";
        Assert.True(Cost(Mail(times)) < (9 * Cost(Mail(times / 4))) + (1 << 20));
    }

    [Fact]
    public void Parameter_bombs_in_many_parts_cost_no_more_than_their_size()
    {
        var part = "--b\r\nContent-Type: a/b" + string.Concat(Enumerable.Range(0, 199).Select(i => $";x*{(i % 2 == 0 ? 0 : i / 2)}=y")) + "\r\n\r\n";
        var text = "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + string.Concat(Enumerable.Repeat(part, 20));
        Assert.True(Cost(text) < 100L * text.Length);
    }
}
