using CsCheck;
using MailStore.Text;

namespace MailStore.Tests.Text;

public class LineEndTests
{
    static readonly Gen<byte[]> _texts = Gen.Byte.Select(Gen.Int[0, 9], (b, i) => i < 3 ? (byte)'\r' : i < 6 ? (byte)'\n' : b).Array[0, 300];

    [Fact]
    public void What_was_written_in_CRLF_form_is_read_back_byte_for_byte() =>
        Gen.Select(_texts, Gen.Int[1, 50]).Sample((bytes, cut) =>
        {
            var text = OnlyCrlf(bytes);
            var (stored, size) = Store(text, cut);
            Assert.Equal(text.Length, size);
            Assert.Equal(text, Read(stored, out var measured));
            Assert.Equal(text.Length, measured);
        });

    [Fact]
    public void Any_file_is_measured_as_it_is_read_and_has_no_bare_LF() =>
        _texts.Sample(bytes =>
        {
            var read = Read(bytes, out var measured);
            Assert.Equal(measured, read.Length);
            Assert.Equal(read, OnlyCrlf(bytes));
        });

    [Fact]
    public void A_plain_text_is_stored_with_LF_only() => Assert.Equal("a\nb\n\rc\r"u8.ToArray(), Store("a\r\nb\r\n\rc\r"u8.ToArray(), 1).Stored);

    [Fact]
    public void Any_position_gives_the_text_from_there()
    {
        Gen.Select(_texts, Gen.Int[0, 400].Array[1, 8]).Sample((bytes, positions) =>
        {
            var text = OnlyCrlf(bytes);
            using var stream = Open(bytes, text.Length);
            foreach (var position in positions.Where(p => p <= text.Length))
            {
                stream.Position = position;
                var rest = new byte[text.Length - position];
                stream.ReadExactly(rest);
                Assert.Equal(text[position..], rest);
            }
        }, iter: 300);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(20)]
    public void The_announced_length_is_kept_when_the_file_is_another_now(int length)
    {
        using var stream = Open("one\ntwo\n"u8.ToArray(), length);
        using var all = new MemoryStream();
        stream.CopyTo(all);
        Assert.Equal(length, all.Length);
        Assert.DoesNotContain("\n\n", System.Text.Encoding.ASCII.GetString(all.ToArray()));
    }

    static (byte[] Stored, long Size) Store(byte[] text, int cut)
    {
        var filter = new LineEndFilter();
        using var stored = new MemoryStream();
        var output = new byte[cut + 1];
        for (var at = 0; at < text.Length; at += cut)
            stored.Write(output, 0, filter.Filter(text.AsSpan(at, Math.Min(cut, text.Length - at)), output));
        stored.Write(filter.End());
        Assert.Equal(stored.Length, filter.Written);
        return (stored.ToArray(), filter.CrlfSize);
    }

    static byte[] Read(byte[] file, out long measured)
    {
        using (var probe = Handle(file))
            measured = CrlfStream.Measure(probe, 0, file.Length);
        using var stream = Open(file, measured);
        using var all = new MemoryStream();
        stream.CopyTo(all);
        return all.ToArray();
    }

    static CrlfStream Open(byte[] file, long length) => new(Handle(file), 0, file.Length, length);

    static Microsoft.Win32.SafeHandles.SafeFileHandle Handle(byte[] file)
    {
        var path = Path.GetTempFileName();
        File.WriteAllBytes(path, file);
        var handle = File.OpenHandle(path);
        File.Delete(path);
        return handle;
    }

    static byte[] OnlyCrlf(byte[] bytes)
    {
        var text = new List<byte>();
        foreach (var b in bytes)
        {
            if (b == '\n' && (text.Count == 0 || text[^1] != '\r'))
                text.Add((byte)'\r');
            text.Add(b);
        }
        return [.. text];
    }
}
