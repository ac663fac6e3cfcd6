using System.Buffers.Binary;
using System.Text;

namespace Sasl.Protocols.Saslauthd;

public enum ControlKind : byte
{
    Statistics = (byte)'S',

    /// <summary>What is remembered: names and times.</summary>
    Dump = (byte)'D',

    /// <summary>Forget everything, or one user.</summary>
    Flush = (byte)'F',

    /// <summary>A question as on "mux", with each step of its answer.</summary>
    Explain = (byte)'E',
}

/// <summary>
/// What the administrator's tools ask on DIR/control: a letter, what belongs to it, and the end of the sending side. The reply is a <see cref="ControlReply"/>.
/// </summary>
/// <param name="Question">For Explain: the bytes of a request, a slice of the input; the caller zeroes them.</param>
/// <param name="User">For Flush: null is everybody.</param>
/// <param name="Realm">For Flush: null is every realm of the user.</param>
public readonly record struct ControlRequest(ControlKind Kind, ReadOnlyMemory<byte> Question = default, string? User = null, string? Realm = null)
{
    /// <summary>The longest: a question with a password as long as its length can say.</summary>
    public static readonly int Longest = 1 + RequestCodec.LongestRequest(longestPassword: ushort.MaxValue);

    /// <summary>Null when a name is too long.</summary>
    public byte[]? Encode()
    {
        if (Kind == ControlKind.Explain)
            return [(byte)Kind, .. Question.Span];
        if (User is null)
            return [(byte)Kind];
        byte[] user = Encoding.UTF8.GetBytes(User), realm = Encoding.UTF8.GetBytes(Realm ?? "");
        return user.Length > RequestCodec.LongestField || realm.Length > RequestCodec.LongestField ? null
            : [(byte)Kind, .. Length(user), .. user, .. Realm is null ? [] : Length(realm), .. realm];
    }

    /// <summary>Null when it makes no sense.</summary>
    public static ControlRequest? Parse(ReadOnlyMemory<byte> input)
    {
        if (input.IsEmpty)
            return null;
        var (kind, rest) = ((ControlKind)input.Span[0], input[1..]);
        if (kind is not (ControlKind.Statistics or ControlKind.Dump or ControlKind.Flush or ControlKind.Explain))
            return null;
        if (kind == ControlKind.Explain)
            return new(kind, rest);
        if (rest.IsEmpty)
            return new(kind);
        if (kind != ControlKind.Flush || Text(ref rest) is not { Length: > 0 } user)
            return null;
        if (rest.IsEmpty)
            return new(kind, User: user);
        return Text(ref rest) is { } realm && rest.IsEmpty ? new(kind, User: user, Realm: realm) : null;
    }

    static byte[] Length(byte[] text)
    {
        var length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)text.Length);
        return length;
    }

    static string? Text(ref ReadOnlyMemory<byte> rest)
    {
        if (rest.Length < 2 || BinaryPrimitives.ReadUInt16BigEndian(rest.Span) is var length && (length > RequestCodec.LongestField || rest.Length - 2 < length))
            return null;
        var field = rest.Slice(2, BinaryPrimitives.ReadUInt16BigEndian(rest.Span)).Span;
        rest = rest[(2 + field.Length)..];
        return System.Text.Unicode.Utf8.IsValid(field) ? Encoding.UTF8.GetString(field) : null;
    }
}
