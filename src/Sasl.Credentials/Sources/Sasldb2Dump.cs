using System.Globalization;
using System.Text;
using Sasl.Hosting.Configuration;

namespace Sasl.Credentials.Sources;

/// <summary>
/// What db_dump prints of a Cyrus sasldb2, as hexadecimal digits or (-p) as text: a header, then a line for each key and one for its value. A key is user
/// NUL realm NUL property.
/// </summary>
public static class Sasldb2Dump
{
    const int LongestLine = 64 * 1024, MostRecords = 10_000_000;
    const string HeaderEnd = "HEADER=END", DataEnd = "DATA=END", Format = "format=";

    static readonly UTF8Encoding _strict = new(false, throwOnInvalidBytes: true);

    /// <summary>The records in their order. Of one that cannot be read nothing counts; it is told, without its secret.</summary>
    public static List<Sasldb2Record> Parse(string path, string text, List<Problem> problems)
    {
        var records = new List<Sasldb2Record>();
        var (isHeader, isText, number, key) = (true, false, 0, (string?)null);
        for (int start = 0, end; start < text.Length; start = end + 1)
        {
            end = text.IndexOf('\n', start);
            end = end < 0 ? text.Length : end;
            number++;
            var line = text.AsSpan(start, end - start).TrimEnd('\r');
            if (line.Length > LongestLine || records.Count == MostRecords)
            {
                problems.Add(new(path, number, line.Length > LongestLine ? $"a line longer than {LongestLine} characters" : $"more than {MostRecords} records"));
                return records;
            }
            if (isHeader)
            {
                if (line.StartsWith(Format, StringComparison.Ordinal))
                    isText = line[Format.Length..] is "print";
                isHeader = line is not HeaderEnd;
            }
            else if (line is DataEnd)
            {
                if (key is not null)
                    problems.Add(new(path, number, "a key without its value"));
                // Another database of the same file may follow.
                (isHeader, key) = (true, null);
            }
            else if (line.IsEmpty || line[0] != ' ')
            {
                problems.Add(new(path, number, "a line without its blank in front: the dump is damaged, and nothing behind it counts"));
                return records;
            }
            else if (key is null)
                key = line[1..].ToString();
            else
            {
                if (Read(key, line[1..], isText, number, out var complaint) is { } record)
                    records.Add(record);
                else
                    problems.Add(new(path, number, complaint));
                key = null;
            }
        }
        if (!isHeader || number == 0)
            problems.Add(new(path, number, "no DATA=END: the dump is not whole"));
        else if (records.Count == 0 && problems.Count == 0)
            problems.Add(new(path, number, "no records: is it what db_dump prints?"));
        return records;
    }

    static Sasldb2Record? Read(string key, ReadOnlySpan<char> value, bool isText, int line, out string complaint)
    {
        complaint = "not what the header's format says";
        if (Bytes(key, isText) is not { } name || Bytes(value, isText) is not { } secret)
            return null;
        complaint = "the key is not user, realm and property";
        try
        {
            return _strict.GetString(name).Split('\0') is [{ Length: > 0 } user, var realm, { Length: > 0 } property] ? new(user, realm, property, secret, line) : null;
        }
        catch (DecoderFallbackException)
        {
            complaint = "the name is not UTF-8";
            return null;
        }
    }

    static byte[]? Bytes(ReadOnlySpan<char> text, bool isText)
    {
        if (!isText)
        {
            var bytes = new byte[text.Length / 2];
            return text.Length % 2 == 0 && Convert.FromHexString(text, bytes, out _, out _) == System.Buffers.OperationStatus.Done ? bytes : null;
        }
        var result = new List<byte>(text.Length);
        Span<byte> utf8 = stackalloc byte[4];
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                if (i + 1 < text.Length && text[i + 1] == '\\')
                    i++;
                else if (i + 2 < text.Length && byte.TryParse(text.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var b))
                {
                    result.Add(b);
                    i += 2;
                    continue;
                }
                else
                    return null;
            }
            // In a locale of UTF-8 some versions print such characters as they are.
            if (Rune.DecodeFromUtf16(text[i..], out var rune, out var used) != System.Buffers.OperationStatus.Done)
                return null;
            result.AddRange(utf8[..rune.EncodeToUtf8(utf8)]);
            i += used - 1;
        }
        return [.. result];
    }
}
