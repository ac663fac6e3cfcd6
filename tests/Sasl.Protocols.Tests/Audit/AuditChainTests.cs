using System.Buffers;
using System.Text;
using CsCheck;
using Sasl.Protocols.Audit;

namespace Sasl.Protocols.Tests.Audit;

public sealed class AuditChainTests
{
    static readonly byte[] _key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)], _other = new byte[32];

    /// <summary>So many lines, and the head after them.</summary>
    static (List<string> Lines, AuditHead Head) Log(int count, byte[]? key = null)
    {
        var (lines, seal) = (new List<string>(), AuditLine.NoSeal);
        for (var i = 1; i <= count; i++)
        {
            var output = new ArrayBufferWriter<byte>();
            seal = AuditLine.Write(new() { Sequence = i, Time = DateTimeOffset.UnixEpoch.AddDays(i), Result = "ok", User = $"user{i}" }, seal, key ?? _key, output);
            lines.Add(Encoding.ASCII.GetString(output.WrittenSpan).TrimEnd('\n'));
        }
        return (lines, new(count, seal));
    }

    static string[] Verify(IEnumerable<string> lines, AuditHead? head, bool all = false)
    {
        var chain = new AuditChain(_key);
        var number = 1;
        foreach (var line in lines)
            chain.Add(Encoding.UTF8.GetBytes(line), $"f:{number++}");
        chain.End(head, "f");
        return [.. chain.Findings.Where(f => all || f.IsWrong).Select(f => $"{f.Place}: {f.What}")];
    }

    [Fact]
    public void A_line_is_read_as_it_was_written()
    {
        var entry = new AuditEntry
        {
            Sequence = 7, Time = new(2026, 11, 26, 4, 5, 6, 789, TimeSpan.Zero), Result = "refused", User = "alice", Given = "Alice", Master = "root", Address = "2001:db8::1", Service = "imap",
            Mechanism = "PLAIN", Security = "tls", Reason = "Password mismatch", Passdb = "sql", AppPassword = "phone", Session = "s1", Took = 12, Count = 3, IsAfterTorn = true,
        };
        var output = new ArrayBufferWriter<byte>();
        var seal = AuditLine.Write(entry, AuditLine.NoSeal, _key, output);
        var line = AuditLine.TryParse(output.WrittenSpan[..^1], _key)!;
        Assert.Equal((entry, AuditLine.NoSeal, seal, true), (line.Entry, line.Previous, line.Seal, line.IsGenuine));
        Assert.False(AuditLine.TryParse(output.WrittenSpan[..^1], _other)!.IsGenuine);
        Assert.StartsWith("{\"seq\":7,\"time\":\"2026-11-26T04:05:06.789Z\",\"event\":\"login\",\"result\":\"refused\",\"user\":\"alice\",", Encoding.ASCII.GetString(output.WrittenSpan));
    }

    [Fact]
    public void Log_injection_whatever_a_client_sends_stays_within_one_line_of_ascii() => Gen.String.Sample(text =>
    {
        var output = new ArrayBufferWriter<byte>();
        AuditLine.Write(new() { Sequence = 1, User = text, Session = "\r\n{\"seq\":2}\u001b[2J\u009b\u2028", Reason = "\",\"mac\":\"" }, AuditLine.NoSeal, _key, output);
        Assert.Equal(output.WrittenCount - 1, output.WrittenSpan.IndexOfAnyExceptInRange((byte)' ', (byte)'~'));
        Assert.Equal((byte)'\n', output.WrittenSpan[^1]);
        var line = AuditLine.TryParse(output.WrittenSpan[..^1], _key)!;
        Assert.True(line.IsGenuine);
        Assert.Equal(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text[..Math.Min(text.Length, 256)])), line.Entry.User);
    });

    [Fact]
    public void An_untouched_log_has_nothing_wrong()
    {
        var (lines, head) = Log(20);
        Assert.Empty(Verify(lines, head, all: true));
        Assert.Equal(["f:1: begins with line 6: older files are not here"], Verify(lines[5..], head, all: true));
    }

    [Fact]
    public void Log_tampering_a_changed_line_is_found()
    {
        var (lines, head) = Log(9);
        lines[4] = lines[4].Replace("user5", "user6");
        Assert.Equal(["f:5: line 5 was changed, or was never written by the auth server"], Verify(lines, head));
    }

    [Fact]
    public void Log_tampering_a_line_that_was_taken_out_is_found()
    {
        var (lines, head) = Log(9);
        lines.RemoveRange(4, 3);
        Assert.Equal(["f:5: lines 5 to 7 are missing before line 8"], Verify(lines, head));
    }

    [Fact]
    public void Log_tampering_a_line_that_was_put_in_is_found()
    {
        var (lines, head) = Log(9);
        lines.Insert(4, Log(9, _other).Lines[4].Replace("user5", "mallory"));
        Assert.Equal(["f:5: line 5 was changed, or was never written by the auth server"], Verify(lines, head));
        (lines, head) = Log(9);
        lines.Insert(6, lines[1]);
        Assert.Equal("f:7: line 2 comes after line 6: doubled, or out of its place", Verify(lines, head)[0]);
    }

    [Fact]
    public void Log_tampering_lines_that_were_cut_off_the_end_are_found()
    {
        var (lines, head) = Log(9);
        Assert.Equal(["f: lines 8 to 9 are missing at the end"], Verify(lines[..7], head));
        Assert.Equal(["f: lines 1 to 9 are missing at the end"], Verify([], head));
        Assert.Equal(["f: how far it was written is not known: whether lines are missing at the end cannot be told"], Verify(lines, null, all: true));
    }

    [Fact]
    public void Log_tampering_lines_that_changed_places_are_found()
    {
        var (lines, head) = Log(9);
        (lines[3], lines[4]) = (lines[4], lines[3]);
        Assert.NotEmpty(Verify(lines, head));
    }

    [Fact]
    public void A_line_that_a_crash_cut_short_is_told_from_one_that_somebody_cut()
    {
        var (lines, _) = Log(3);
        var output = new ArrayBufferWriter<byte>();
        var before = AuditLine.TryParse(Encoding.ASCII.GetBytes(lines[2]), _key)!.Seal;
        var seal = AuditLine.Write(new() { Sequence = 4, Event = AuditEntry.Start, IsAfterTorn = true }, before, _key, output);
        var next = Encoding.ASCII.GetString(output.WrittenSpan).TrimEnd('\n');
        Assert.Equal(["f:4: a line that a crash has cut short"], Verify([.. lines, "{\"seq\":4,\"ti", next], new(4, seal), all: true));
        (lines, var head) = Log(9);
        lines[4] = lines[4][..30];
        Assert.Equal(["f:5: not a line of an audit log", "f:6: line 5 is missing before line 6"], Verify(lines, head));
    }

    /// <summary>Any change of any byte, any line gone, doubled or moved.</summary>
    [Fact]
    public void No_change_goes_unseen()
    {
        var (lines, head) = Log(12);
        var whole = string.Join('\n', lines);
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Char[' ', '~']).Where((at, c) => whole[at] != c).Sample((at, c) =>
            Assert.NotEmpty(Verify((whole[..at] + c + whole[(at + 1)..]).Split('\n'), head)));
        Gen.Shuffle(lines.ToArray()).Where(l => !l.SequenceEqual(lines)).Sample(shuffled => Assert.NotEmpty(Verify(shuffled, head)), iter: 200);
    }
}
