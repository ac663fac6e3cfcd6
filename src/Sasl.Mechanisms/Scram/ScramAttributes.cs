using System.Buffers.Text;
using System.Text.Unicode;

namespace Sasl.Mechanisms;

/// <summary>Reads a SCRAM message from the front: "x=value" between commas (RFC 5802 §5.1), each in its place and once.</summary>
ref struct ScramAttributes(ReadOnlySpan<byte> message)
{
    ReadOnlySpan<byte> _rest = message;
    bool _isAtEnd;

    /// <summary>The attribute that must stand here.</summary>
    public bool TryRead(char name, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (_isAtEnd || _rest.Length < 2 || _rest[0] != name || _rest[1] != '=')
            return false;
        value = Take()[2..];
        return true;
    }

    /// <summary>
    /// Passes over extensions, up to the attribute that ends them, or to the message's end. RFC 5802 §5.1: a letter, a value without NUL;
    /// "m" asks for something that nobody knows yet, and what has its own place does not stand here a second time.
    /// </summary>
    public bool TrySkipExtensions(char until = '\0')
    {
        while (!_isAtEnd && !(_rest.Length > 1 && _rest[0] == until && _rest[1] == '='))
        {
            var extension = Take();
            if (extension.Length < 3 || extension[1] != '=' || !char.IsAsciiLetter((char)extension[0]) || "manrcpvesi".Contains((char)extension[0])
                || extension.Contains((byte)0) || !Utf8.IsValid(extension))
                return false;
        }
        return true;
    }

    /// <summary>Nothing is left.</summary>
    public readonly bool IsAtEnd => _isAtEnd;

    /// <summary>RFC 5802 §7: printable ASCII but ",", one or more. An empty nonce of the client would leave freshness to the server alone.</summary>
    public static bool IsNonce(ReadOnlySpan<byte> value) => !value.IsEmpty && !value.ContainsAnyExceptInRange((byte)0x21, (byte)0x7e);

    /// <summary>A positive number without sign or leading zero (RFC 5802 §7: posit-number).</summary>
    public static bool TryReadNumber(ReadOnlySpan<byte> value, out int number) =>
        Utf8Parser.TryParse(value, out number, out var length) && length == value.Length && value[0] is >= (byte)'1' and <= (byte)'9';

    ReadOnlySpan<byte> Take()
    {
        var comma = _rest.IndexOf((byte)',');
        var part = comma < 0 ? _rest : _rest[..comma];
        _isAtEnd = comma < 0;
        _rest = comma < 0 ? default : _rest[(comma + 1)..];
        return part;
    }
}
