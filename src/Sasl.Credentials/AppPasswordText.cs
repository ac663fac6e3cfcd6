using System.Security.Cryptography;

namespace Sasl.Credentials;

/// <summary>
/// How an app password looks: "k3hx9-m2pqr-…", five groups of five letters and digits that cannot be mistaken for each other. Twenty-four of them are
/// random (120 bits); the last is a check, so that a password of another kind is not taken for one and a typing error is seen.
/// </summary>
public static class AppPasswordText
{
    const int Length = 25, Group = 5;

    /// <summary>No i, l, o, u.</summary>
    const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    /// <summary>A new one.</summary>
    public static string Generate()
    {
        Span<byte> values = stackalloc byte[Length];
        RandomNumberGenerator.Fill(values);
        foreach (ref var value in values)
            value &= 31;
        values[^1] = Check(values);
        var text = Write(values);
        CryptographicOperations.ZeroMemory(values);
        return text;
    }

    /// <summary>Its one spelling, for what a user has typed: in capitals, without the hyphens or with blanks in their places. Null when it is no app password.</summary>
    public static string? Normalize(ReadOnlySpan<byte> typed)
    {
        if (typed.Length is < Length or > Length * 2)
            return null;
        Span<byte> values = stackalloc byte[Length];
        var count = 0;
        foreach (var b in typed)
        {
            if (b is (byte)'-' or (byte)' ')
                continue;
            var value = Alphabet.IndexOf(char.ToLowerInvariant((char)b), StringComparison.Ordinal);
            if (value < 0 || count == Length)
                return null;
            values[count++] = (byte)value;
        }
        var text = count == Length && values[^1] == Check(values) ? Write(values) : null;
        CryptographicOperations.ZeroMemory(values);
        return text;
    }

    static string Write(ReadOnlySpan<byte> values)
    {
        Span<char> text = stackalloc char[Length + (Length / Group) - 1];
        text.Fill('-');
        for (var i = 0; i < Length; i++)
            text[i + (i / Group)] = Alphabet[values[i]];
        return text.ToString();
    }

    /// <summary>Each place weighs an odd number, so that another character anywhere gives another check.</summary>
    static byte Check(ReadOnlySpan<byte> values)
    {
        var sum = 7;
        for (var i = 0; i < Length - 1; i++)
            sum += values[i] * ((2 * i) + 1);
        return (byte)(sum & 31);
    }
}
