using System.Text;

namespace MailControl;

/// <summary>The addresses in a To, Cc or Bcc field (RFC 5322 §3.4): names, comments and group words are passed over.</summary>
static class AddressList
{
    public static List<string> Parse(string text)
    {
        var addresses = new List<string>();
        var (word, angle) = (new StringBuilder(), (string?)null);
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '(':
                    i = SkipComment(text, i);
                    break;
                case '"':
                    var end = EndOfQuoted(text, i);
                    word.Append(text, i, end - i);
                    i = end - 1;
                    break;
                case '<':
                    var close = text.IndexOf('>', i);
                    angle = close < 0 ? text[(i + 1)..] : text[(i + 1)..close];
                    i = close < 0 ? text.Length : close;
                    break;
                case ':':
                    // The word before was a group's name.
                    word.Clear();
                    break;
                case ',' or ';':
                    Finish();
                    break;
                case ' ' or '\t' or '\r' or '\n':
                    break;
                default:
                    word.Append(text[i]);
                    break;
            }
        }
        Finish();
        return addresses;

        void Finish()
        {
            var address = (angle ?? word.ToString()).Trim();
            // A source route is passed over (RFC 5322 §4.4).
            if (address.StartsWith('@') && address.IndexOf(':') is > 0 and var colon)
                address = address[(colon + 1)..];
            if (address.Length > 0)
                addresses.Add(address);
            word.Clear();
            angle = null;
        }
    }

    static int SkipComment(string text, int at)
    {
        var depth = 0;
        for (; at < text.Length; at++)
        {
            if (text[at] == '\\')
                at++;
            else if (text[at] == '(')
                depth++;
            else if (text[at] == ')' && --depth == 0)
                return at;
        }
        return at;
    }

    static int EndOfQuoted(string text, int at)
    {
        for (at++; at < text.Length; at++)
        {
            if (text[at] == '\\')
                at++;
            else if (text[at] == '"')
                return at + 1;
        }
        return text.Length;
    }
}
