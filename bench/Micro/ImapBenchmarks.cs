using System.Text;
using BenchmarkDotNet.Attributes;
using MailServers.Imap.Fetch;
using MailServers.Imap.Wire;

namespace Micro;

/// <summary>Reading the commands that clients send most.</summary>
[MemoryDiagnoser]
public class ImapBenchmarks
{
    static readonly byte[] _fetch = Encoding.ASCII.GetBytes(
        "1:200 (UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODY.PEEK[HEADER.FIELDS (Subject From To Date List-Id)])");

    static readonly byte[] _login = Encoding.ASCII.GetBytes("a1 LOGIN \"alice@example.org\" \"won\\\"derland\"");
    static readonly byte[] _set = Encoding.ASCII.GetBytes("1,3:7,9,12:*,40:42,50,60:70");

    [Benchmark]
    public int ParseFetch()
    {
        var decoder = new ImapDecoder(_fetch);
        decoder.ExpectSequenceSet();
        decoder.ExpectSpace();
        return FetchParser.Expect(decoder).Count;
    }

    [Benchmark]
    public int ParseLogin()
    {
        var decoder = new ImapDecoder(_login);
        decoder.ExpectTag();
        decoder.ExpectSpace();
        decoder.ExpectAtom();
        decoder.ExpectSpace();
        var user = decoder.ExpectAString().Length;
        decoder.ExpectSpace();
        return user + decoder.ExpectAString().Length;
    }

    [Benchmark]
    public bool ParseSequenceSet() => SequenceSet.TryParse(_set, out _);
}
