using System.Buffers.Binary;
using System.Text;

namespace Sasl.Protocols.Saslauthd;

/// <summary>One question of saslauthd to a worker: the request as it came from the client, under a number.</summary>
/// <param name="Explain">The steps of the decision are wanted too.</param>
public sealed record WorkerQuery(uint Id, bool Explain, SaslauthdRequest Request)
{
    const int Header = 6;

    /// <summary>The packet; the caller zeroes it, it holds the password. Null when a field is too long.</summary>
    public byte[]? Encode()
    {
        if (RequestCodec.Encode(Request) is not { } fields)
            return null;
        var packet = new byte[Header + fields.Length];
        packet[0] = WorkerVerb.Query;
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(1), Id);
        packet[5] = (byte)(Explain ? 1 : 0);
        fields.CopyTo(packet, Header);
        fields.AsSpan().Clear();
        return packet;
    }

    /// <summary>The query in a packet, its password a slice of it; null when it is none.</summary>
    public static WorkerQuery? Parse(ReadOnlyMemory<byte> packet)
    {
        if (packet.Length < Header || packet.Span[0] != WorkerVerb.Query)
            return null;
        var parsed = RequestCodec.Parse(packet[Header..], ushort.MaxValue, ushort.MaxValue);
        return parsed.Status != RequestStatus.Complete ? null
            : new(BinaryPrimitives.ReadUInt32BigEndian(packet.Span[1..]), packet.Span[5] == 1, parsed.Request!);
    }
}

/// <summary>A worker's answer.</summary>
/// <param name="Kind">The number of the verdict's kind.</param>
/// <param name="Reason">For the log.</param>
/// <param name="Steps">What was asked for by <see cref="WorkerQuery.Explain"/>.</param>
public sealed record WorkerAnswer(uint Id, byte Kind, string Reason, IReadOnlyList<string> Steps)
{
    const int Header = 6, LongestText = 2000, MostSteps = 64;

    public byte[] Encode()
    {
        var texts = Steps.Take(MostSteps).Prepend(Reason).Select(Bytes).ToArray();
        var packet = new byte[Header + texts.Sum(t => 2 + t.Length)];
        packet[0] = WorkerVerb.Answer;
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(1), Id);
        packet[5] = Kind;
        var rest = packet.AsSpan(Header);
        foreach (var text in texts)
        {
            BinaryPrimitives.WriteUInt16BigEndian(rest, (ushort)text.Length);
            text.CopyTo(rest[2..]);
            rest = rest[(2 + text.Length)..];
        }
        return packet;
    }

    /// <summary>The answer in a packet; null when it is none. A worker is not trusted: whatever it sends has an end.</summary>
    public static WorkerAnswer? Parse(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < Header + 2 || packet[0] != WorkerVerb.Answer)
            return null;
        var texts = new List<string>();
        for (var rest = packet[Header..]; rest.Length > 0;)
        {
            if (rest.Length < 2 || BinaryPrimitives.ReadUInt16BigEndian(rest) is var length && rest.Length - 2 < length || texts.Count > MostSteps)
                return null;
            texts.Add(Encoding.UTF8.GetString(rest.Slice(2, BinaryPrimitives.ReadUInt16BigEndian(rest))));
            rest = rest[(2 + BinaryPrimitives.ReadUInt16BigEndian(rest))..];
        }
        return new(BinaryPrimitives.ReadUInt32BigEndian(packet[1..]), packet[5], texts[0], texts[1..]);
    }

    static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text.Length <= LongestText ? text : text[..LongestText]);
}
