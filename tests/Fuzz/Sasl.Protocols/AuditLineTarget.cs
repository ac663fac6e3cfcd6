using System.Buffers;
using System.Text;
using Sasl.Protocols.Audit;

namespace Fuzz;

/// <summary>A line of an audit log as somebody may have changed it: it is read or it is not, never genuine without the key, and its texts come back as they were.</summary>
static class AuditLineTarget
{
    static readonly byte[] _key = new byte[AuditLine.KeySize];

    public static readonly string[] Seeds = [Line("alice", 1), Line("\"\\\r\n", 2), "{\"seq\":1,\"prev\":\"\",\"mac\":\"00000000000000000000000000000000\"}", "00000000000000000007 00000000000000000000000000000000\n"];

    public static void Run(ReadOnlySpan<byte> input)
    {
        AuditHead.TryParse(input);
        var chain = new AuditChain(_key);
        chain.Add(input, "fuzz:1");
        chain.End(null, "fuzz");
        if (AuditLine.TryParse(input, _key) is { } line)
            Check.That(!line.IsGenuine || Seeds.Contains(Encoding.Latin1.GetString(input)), "a seal that was guessed");
        var text = Bytes.Utf8(input);
        var output = new ArrayBufferWriter<byte>();
        AuditLine.Write(new() { Sequence = 1, User = text, Reason = text }, AuditLine.NoSeal, _key, output);
        var read = AuditLine.TryParse(output.WrittenSpan[..^1], _key);
        Check.That(read is { IsGenuine: true } && output.WrittenSpan[..^1].IndexOfAnyExceptInRange((byte)' ', (byte)'~') < 0, "a line that cannot be read, or is no line");
    }

    static string Line(string user, long sequence)
    {
        var output = new ArrayBufferWriter<byte>();
        AuditLine.Write(new() { Sequence = sequence, User = user, Count = 3, IsAfterTorn = true }, AuditLine.NoSeal, _key, output);
        return Encoding.Latin1.GetString(output.WrittenSpan[..^1]);
    }
}
