using System.Text;
using BenchmarkDotNet.Attributes;
using Sasl.Protocols;
using Sasl.Protocols.DovecotAuth;
using Sasl.Protocols.Saslauthd;

namespace Micro;

/// <summary>The lines and requests of one login.</summary>
[MemoryDiagnoser]
public class AuthBenchmarks
{
    static readonly byte[] _auth = Encoding.ASCII.GetBytes(
        "AUTH\t7\tPLAIN\tservice=imap\tsecured\tsession=CQZ0Yq/fUr3AqAAB\tlip=192.0.2.1\trip=198.51.100.7\tlport=993\trport=51234\tresp=AGFsaWNlAHdvbmRlcmxhbmQ=");

    static readonly string _ok = "OK\t7\tuser=alice\toriginal_user=alice\tmech=PLAIN";
    static readonly string _escaped = "FAIL\t7\tuser=a\x1tb\treason=one\x1ntwo";

    readonly SaslauthdRequest _question = new("alice", "wonderland"u8.ToArray(), "imap", "example.org", "192.0.2.1;143");
    readonly byte[] _request = RequestCodec.Encode(new("alice", "wonderland"u8.ToArray(), "imap", "example.org", "192.0.2.1;143"))!;

    [Benchmark]
    public ClientCommand ParseAuthLine() => ClientCommandParser.Parse(_auth, 2);

    [Benchmark]
    public string[] SplitTabLine() => TabLine.Split(_ok);

    [Benchmark]
    public string[] SplitTabLineWithEscapes() => TabLine.Split(_escaped);

    [Benchmark]
    public string JoinTabLine() => TabLine.Join("OK", "7", "user=alice", "original_user=alice", "mech=PLAIN");

    [Benchmark]
    public ParsedRequest ParseSaslauthdRequest() => RequestCodec.Parse(_request);

    [Benchmark]
    public byte[]? EncodeSaslauthdRequest() => RequestCodec.Encode(_question);
}
