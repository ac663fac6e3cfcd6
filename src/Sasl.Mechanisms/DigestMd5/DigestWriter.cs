using System.Text;

namespace Sasl.Mechanisms;

/// <summary>Writes a message of directives.</summary>
sealed class DigestWriter
{
    readonly MemoryStream _message = new();

    public DigestWriter Token(string name, string value) => Put(name, Encoding.ASCII.GetBytes(value));

    public DigestWriter Quoted(string name, ReadOnlySpan<byte> value)
    {
        var quoted = new List<byte>(value.Length + 2) { (byte)'"' };
        foreach (var b in value)
        {
            // RFC 2831 §7.2: quoted-pair.
            if (b is (byte)'"' or (byte)'\\')
                quoted.Add((byte)'\\');
            quoted.Add(b);
        }
        quoted.Add((byte)'"');
        return Put(name, [.. quoted]);
    }

    public DigestWriter Quoted(string name, string value) => Quoted(name, Encoding.UTF8.GetBytes(value));

    /// <summary>What another one has written.</summary>
    public DigestWriter Append(DigestWriter other)
    {
        if (_message.Length > 0)
            _message.WriteByte((byte)',');
        other._message.WriteTo(_message);
        return this;
    }

    public int Length => (int)_message.Length;

    public byte[] ToArray() => _message.ToArray();

    DigestWriter Put(string name, byte[] value)
    {
        if (_message.Length > 0)
            _message.WriteByte((byte)',');
        _message.Write(Encoding.ASCII.GetBytes(name));
        _message.WriteByte((byte)'=');
        _message.Write(value);
        return this;
    }
}
