using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Sasl.Hosting.Unix;

namespace MailStore.Maildir;

/// <summary>The file dovecot-keywords, "0 $Forwarded", "1 Junk", …: which keyword a letter a to z of a file name means in this folder.</summary>
sealed class KeywordList(SafeFileHandle directory)
{
    const string FileName = "dovecot-keywords";
    const int Limit = 64 * 1024;
    static readonly IReadOnlySet<string> _none = new HashSet<string>();

    readonly Dictionary<uint, IReadOnlySet<string>> _sets = [];
    string?[] _names = new string?[26];
    FileStatus? _read;

    /// <summary>Looks whether another program changed the file. True when letters mean something else now.</summary>
    public bool Refresh()
    {
        var status = Files.StatusAt(directory, FileName);
        if (status == _read)
            return false;
        var before = _names;
        _names = Parse(SmallFile.Read(directory, FileName, Limit) ?? []);
        _read = status;
        _sets.Clear();
        return !before.SequenceEqual(_names);
    }

    public IReadOnlySet<string> Names(uint letters)
    {
        if (letters == 0)
            return _none;
        lock (_sets)
        {
            if (_sets.TryGetValue(letters, out var known))
                return known;
            var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            for (var i = 0; i < 26; i++)
                if ((letters & 1u << i) != 0 && _names[i] is { } name)
                    names.Add(name);
            return _sets[letters] = names;
        }
    }

    /// <summary>The letters of keywords, new ones included while there is room; the caller holds the uidlist's lock when <paramref name="mayAdd"/>.</summary>
    public uint Letters(IReadOnlySet<string> keywords, bool mayAdd, out bool missing)
    {
        missing = false;
        if (keywords.Count == 0)
            return 0;
        if (mayAdd)
            Refresh();
        var (letters, added) = (0u, false);
        foreach (var keyword in keywords)
        {
            var index = Array.FindIndex(_names, n => keyword.Equals(n, StringComparison.OrdinalIgnoreCase));
            if (index < 0)
            {
                index = mayAdd && IsAtom(keyword) ? Array.IndexOf(_names, null) : -1;
                missing |= !mayAdd;
                if (index < 0)
                    continue;
                (_names[index], added) = (keyword, true);
            }
            letters |= 1u << index;
        }
        if (added)
            Write();
        return letters;
    }

    void Write()
    {
        var text = new StringBuilder();
        for (var i = 0; i < 26; i++)
            if (_names[i] is { } name)
                text.Append(CultureInfo.InvariantCulture, $"{i} {name}\n");
        SmallFile.Replace(directory, FileName, Encoding.UTF8.GetBytes(text.ToString()));
        _read = Files.StatusAt(directory, FileName);
        _sets.Clear();
    }

    static string?[] Parse(byte[] content)
    {
        var names = new string?[26];
        foreach (var line in Encoding.UTF8.GetString(content).Split('\n'))
        {
            var blank = line.IndexOf(' ');
            if (blank > 0 && int.TryParse(line.AsSpan(0, blank), NumberStyles.None, null, out var index) && index < 26 && IsAtom(line[(blank + 1)..]))
                names[index] = line[(blank + 1)..];
        }
        return names;
    }

    // RFC 3501 §9: a keyword is an atom; anything else could not be told to a client.
    static bool IsAtom(string keyword)
    {
        if (keyword.Length is 0 or > 255)
            return false;
        foreach (var c in keyword)
            if (c is <= ' ' or > '~' or '(' or ')' or '{' or '%' or '*' or '"' or '\\' or ']')
                return false;
        return true;
    }
}
