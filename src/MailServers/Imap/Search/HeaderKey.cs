using System.Text;
using MailServers.Imap.Fetch;

namespace MailServers.Imap.Search;

/// <summary>HEADER field-name string: the field is there and its value contains the string; an empty string asks only whether it is there.</summary>
sealed class HeaderKey(string name, string text) : SearchKey
{
    /// <summary>No more of one message's fields of that name is looked at.</summary>
    const int Longest = 256 * 1024;

    readonly string[] _fields = [name];

    public override int Cost => 2;

    public override async ValueTask<bool> MatchesAsync(SearchedMessage message)
    {
        using var stream = message.OpenText();
        if (stream is null)
            return false;
        var fields = new MemoryStream();
        var filter = new HeaderFilter(_fields, not: false);
        var buffer = new byte[8 * 1024];
        while (!filter.IsDone && fields.Length < Longest)
        {
            var count = await stream.ReadAsync(buffer);
            if (count == 0)
                break;
            filter.Take(buffer.AsSpan(0, count), fields.Write);
        }
        return Values(fields.GetBuffer().AsSpan(0, (int)fields.Length)).Any(v => HeaderText.Contains(v, text));
    }

    /// <summary>The values of the fields that were picked, unfolded.</summary>
    static List<string> Values(ReadOnlySpan<byte> fields)
    {
        var values = new List<string>();
        StringBuilder? value = null;
        foreach (var line in Encoding.UTF8.GetString(fields).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (value is not null && line[0] is ' ' or '\t')
            {
                value.Append(line.AsSpan().TrimEnd('\r'));
                continue;
            }
            if (value is not null)
                values.Add(value.ToString());
            value = new(line[(line.IndexOf(':') + 1)..].Trim());
        }
        if (value is not null)
            values.Add(value.ToString());
        return values;
    }
}
