using System.Buffers.Text;
using System.Text;

namespace Sasl.Mechanisms;

/// <summary>Base64 as RFC 4648 §4 has it, without the blanks and line ends that the platform's decoder passes over.</summary>
static class Base64Text
{
    /// <summary>Null when it is not base64.</summary>
    public static byte[]? Decode(ReadOnlySpan<byte> text)
    {
        if (text.Length % 4 != 0 || text.ContainsAny(" \t\r\n"u8))
            return null;
        var data = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        return Base64.DecodeFromUtf8(text, data, out _, out var length) == System.Buffers.OperationStatus.Done
            ? length == data.Length ? data : data[..length]
            : null;
    }

    /// <inheritdoc cref="Decode(ReadOnlySpan{byte})"/>
    public static byte[]? Decode(ReadOnlySpan<char> text)
    {
        var bytes = new byte[text.Length];
        return Ascii.FromUtf16(text, bytes, out _) == System.Buffers.OperationStatus.Done ? Decode(bytes) : null;
    }
}
