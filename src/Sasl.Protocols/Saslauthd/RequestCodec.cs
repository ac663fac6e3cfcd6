using System.Buffers.Binary;
using System.Text;

namespace Sasl.Protocols.Saslauthd;

public enum RequestStatus
{
    /// <summary>Not all of the four fields are there yet.</summary>
    Incomplete,

    Complete,

    /// <summary>It will never be a good request: answer and close, more bytes cannot help.</summary>
    Refused,
}

/// <summary>What the bytes so far amount to.</summary>
/// <param name="Reply">The text to answer when refused.</param>
/// <param name="Problem">The line for the log when refused; holds nothing that the client sent.</param>
public readonly record struct ParsedRequest(RequestStatus Status, SaslauthdRequest? Request, string Reply, string Problem);

/// <summary>
/// The request of Cyrus saslauthd: login, password, service, realm and perhaps the client's address, each a 16-bit big-endian length
/// and that many bytes. Clients older than the fifth field wait for the answer after four, newer ones send five in one write:
/// so the fifth counts when it is already here, and nobody ever waits for it.
/// </summary>
public static class RequestCodec
{
    /// <summary>The longest field that Cyrus takes, inclusive.</summary>
    public const int LongestField = 256;

    /// <summary>Passwords may be longer here: tokens are.</summary>
    public const int LongestPassword = 16384;

    /// <summary>The longest request with fields of that size.</summary>
    public static int LongestRequest(int longestField = LongestField, int longestPassword = LongestPassword) =>
        ((Fields - 1) * (2 + longestField)) + 2 + Math.Max(longestPassword, longestField);

    const int Fields = 5, Required = 4, Password = 1;

    static readonly string[] Names = ["login", "password", "service", "realm"];
    static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Reads what has arrived. Pure: the same bytes give the same result, and the password is a slice of <paramref name="input"/>.</summary>
    public static ParsedRequest Parse(ReadOnlyMemory<byte> input, int longestField = LongestField, int longestPassword = LongestPassword)
    {
        Span<Range> fields = stackalloc Range[Required];
        var at = 0;
        for (var i = 0; i < Required; i++)
        {
            if (!TryLength(input.Span, at, out var length))
                return default;
            // Over-long is final before its bytes arrive: nobody can make the server hold them.
            var longest = i == Password ? longestPassword : longestField;
            if (length > longest)
                return Refuse("NO ", $"{Names[i]} exceeded MAX_REQ_LEN: {longest}");
            if (input.Length - at - 2 < length)
                return default;
            fields[i] = (at + 2)..(at + 2 + length);
            at += 2 + length;
        }
        return Check(input, fields, Remote(input.Span[at..], longestField));
    }

    /// <summary>The request as one write. The caller zeroes the result: it holds the password. Null when a field does not fit its length.</summary>
    public static byte[]? Encode(SaslauthdRequest request)
    {
        var login = Encoding.UTF8.GetBytes(request.Login);
        var service = Encoding.UTF8.GetBytes(request.Service);
        var realm = Encoding.UTF8.GetBytes(request.Realm);
        var remote = request.RemoteAddress is { } address ? Encoding.UTF8.GetBytes(address) : null;
        if (Math.Max(Math.Max(login.Length, request.Password.Length), Math.Max(Math.Max(service.Length, realm.Length), remote?.Length ?? 0)) > ushort.MaxValue)
            return null;
        var bytes = new byte[8 + login.Length + request.Password.Length + service.Length + realm.Length + (remote is null ? 0 : 2 + remote.Length)];
        var rest = Put(Put(Put(Put(bytes, login), request.Password.Span), service), realm);
        if (remote is not null)
            Put(rest, remote);
        return bytes;
    }

    static ParsedRequest Check(ReadOnlyMemory<byte> input, ReadOnlySpan<Range> fields, string? remote)
    {
        if (input.Span[fields[0]].IsEmpty)
            return Refuse("NO NULL login received", "NULL login received");
        if (input.Span[fields[1]].IsEmpty)
            return Refuse("NO NULL password received", "NULL password received");
        for (var i = 0; i < Required; i++)
        {
            // Cyrus reads C strings, so "u\0x" with "p\0y" is u with p there: refused here.
            if (input.Span[fields[i]].Contains((byte)0))
                return Refuse("NO ", $"{Names[i]} contains a NUL");
        }
        if (!TryText(input.Span[fields[0]], out var login) || !TryText(input.Span[fields[2]], out var service) || !TryText(input.Span[fields[3]], out var realm))
            return Refuse("NO ", "login, service or realm is not UTF-8");
        return new(RequestStatus.Complete, new SaslauthdRequest(login, input[fields[1]], service, realm, remote), "", "");
    }

    /// <summary>The fifth field when it is all there and sensible. Anything else after the four is ignored, as Cyrus 2.1 does.</summary>
    static string? Remote(ReadOnlySpan<byte> rest, int longestField)
    {
        if (!TryLength(rest, 0, out var length) || length == 0 || length > longestField || rest.Length - 2 < length)
            return null;
        var field = rest.Slice(2, length);
        return !field.ContainsAnyExceptInRange((byte)0x21, (byte)0x7e) ? Encoding.ASCII.GetString(field) : null;
    }

    static bool TryLength(ReadOnlySpan<byte> input, int at, out int length)
    {
        length = 0;
        if (input.Length - at < 2)
            return false;
        length = BinaryPrimitives.ReadUInt16BigEndian(input[at..]);
        return true;
    }

    static bool TryText(ReadOnlySpan<byte> field, out string text)
    {
        text = "";
        if (!System.Text.Unicode.Utf8.IsValid(field))
            return false;
        text = StrictUtf8.GetString(field);
        return true;
    }

    static Span<byte> Put(Span<byte> output, ReadOnlySpan<byte> field)
    {
        BinaryPrimitives.WriteUInt16BigEndian(output, (ushort)field.Length);
        field.CopyTo(output[2..]);
        return output[(2 + field.Length)..];
    }

    static ParsedRequest Refuse(string reply, string problem) => new(RequestStatus.Refused, null, reply, problem);
}
