using System.Globalization;
using System.IO.Compression;
using Sasl.Protocols.Audit;

namespace MailControl.Audit;

/// <summary>The files of an audit log, the oldest first: PATH.8 … PATH.1, PATH, and what logrotate has packed.</summary>
static class AuditFiles
{
    public delegate void Line(ReadOnlySpan<byte> line, string place);

    public static IReadOnlyList<string> Of(string path)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var name = Path.GetFileName(path);
        return [.. (Directory.Exists(directory) ? Directory.GetFiles(directory, $"{name}*") : [])
            .Select(f => (File: f, Number: Number(Path.GetFileName(f)[name.Length..]))).Where(f => f.Number is not null).OrderByDescending(f => f.Number).Select(f => f.File)];
    }

    /// <summary>Each line without its end; of one that is too long its beginning.</summary>
    public static void Read(string file, Line take)
    {
        using var stream = Open(file);
        var buffer = new byte[2 * AuditLine.LongestLine];
        var (count, number) = (0, 1);
        while (true)
        {
            var more = stream.Read(buffer, count, buffer.Length - count);
            count += more;
            var rest = buffer.AsSpan(0, count);
            for (int end; (end = rest.IndexOf((byte)'\n')) >= 0; rest = rest[(end + 1)..])
                take(rest[..end], $"{file}:{number++}");
            if (more == 0)
            {
                if (!rest.IsEmpty)
                    take(rest, $"{file}:{number}");
                return;
            }
            if (rest.Length > AuditLine.LongestLine)
                rest = rest[..AuditLine.LongestLine];
            rest.CopyTo(buffer);
            count = rest.Length;
        }
    }

    static Stream Open(string file)
    {
        var stream = File.OpenRead(file);
        return file.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(stream, CompressionMode.Decompress) : stream;
    }

    /// <summary>"" is the youngest, ".1" the one before, ".2.gz" the one before that; null for another file.</summary>
    static int? Number(string suffix)
    {
        if (suffix.Length == 0)
            return 0;
        var digits = suffix.EndsWith(".gz", StringComparison.Ordinal) ? suffix[..^3] : suffix;
        return digits.StartsWith('.') && int.TryParse(digits.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
