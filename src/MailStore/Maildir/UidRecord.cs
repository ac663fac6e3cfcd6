using System.Buffers.Text;
using System.Text;

namespace MailStore.Maildir;

/// <summary>One line of dovecot-uidlist: <c>uid [Kvalue …] :base</c>. Extras are kept as they stand, with a leading blank.</summary>
readonly record struct UidRecord(uint Uid, string? Extras, string Base)
{
    /// <summary>Reads a line of version 3, or of version 1 ("uid file", also Courier's). False when it is none.</summary>
    public static bool TryParse(ReadOnlySpan<byte> line, int version, out UidRecord record)
    {
        record = default;
        if (!Utf8Parser.TryParse(line, out uint uid, out var digits) || uid == 0 || digits >= line.Length || line[digits] != ' ')
            return false;
        var rest = line[(digits + 1)..];
        var extras = ReadOnlySpan<byte>.Empty;
        if (version >= 3)
        {
            // Values have no blank and no key begins with a colon, so the first colon after a blank begins the name.
            var name = 0;
            while (name < rest.Length && rest[name] != ':')
            {
                var blank = rest[name..].IndexOf((byte)' ');
                if (blank < 0)
                    return false;
                name += blank + 1;
            }
            if (name >= rest.Length)
                return false;
            extras = rest[..Math.Max(0, name - 1)];
            rest = rest[(name + 1)..];
        }
        var colon = rest.IndexOf((byte)':');
        if (colon >= 0)
            rest = rest[..colon];
        if (rest.IsEmpty)
            return false;
        record = new(uid, extras.IsEmpty ? null : Encoding.UTF8.GetString(extras), Encoding.UTF8.GetString(rest));
        return true;
    }

    public override string ToString() => Extras is null ? $"{Uid} :{Base}\n" : $"{Uid} {Extras} :{Base}\n";
}
