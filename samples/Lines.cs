using System.Text;

/// <summary>Lines of text with base64 in them: what the samples speak in place of SMTP or IMAP.</summary>
sealed class Lines(Stream stream) : IDisposable
{
    readonly StreamReader _reader = new(stream, Encoding.ASCII);

    public async Task<string> ReadAsync() => await _reader.ReadLineAsync() ?? throw new EndOfStreamException("the other side is gone");

    public async Task WriteAsync(string line) => await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"));

    public static string Encode(byte[] data) => data.Length == 0 ? "=" : Convert.ToBase64String(data);

    public static byte[] Decode(string text) => text == "=" ? [] : Convert.FromBase64String(text);

    public void Dispose() => _reader.Dispose();
}
