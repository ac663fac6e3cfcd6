using System.Text;

namespace MailServers.Imap.Wire;

/// <summary>RFC 4315 §4 uid-set in the order given: runs that go up by one become ranges.</summary>
static class UidSet
{
    public static string Format(IReadOnlyList<uint> uids)
    {
        var text = new StringBuilder();
        for (var i = 0; i < uids.Count;)
        {
            var end = i + 1;
            while (end < uids.Count && uids[end] == uids[end - 1] + 1)
                end++;
            text.Append(i == 0 ? "" : ",").Append(uids[i]);
            if (end - i > 1)
                text.Append(':').Append(uids[end - 1]);
            i = end;
        }
        return text.ToString();
    }
}
