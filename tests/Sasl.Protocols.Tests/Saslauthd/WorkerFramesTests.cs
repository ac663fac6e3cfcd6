using CsCheck;
using Sasl.Protocols.Saslauthd;

namespace Sasl.Protocols.Tests.Saslauthd;

public sealed class WorkerFramesTests
{
    [Fact]
    public void A_query_is_read_back()
    {
        var packet = new WorkerQuery(7, true, new("bob", "gehe\u00e4"u8.ToArray(), "smtp", "example.com", "192.0.2.7")).Encode()!;
        var query = WorkerQuery.Parse(packet)!;
        Assert.Equal((7u, true, "bob", "smtp", "example.com", "192.0.2.7"),
            (query.Id, query.Explain, query.Request.Login, query.Request.Service, query.Request.Realm, query.Request.RemoteAddress));
        Assert.Equal("gehe\u00e4"u8.ToArray(), query.Request.Password.ToArray());
    }

    [Fact]
    public void A_password_of_the_longest_kind_is_read_back() =>
        Assert.Equal(RequestCodec.LongestPassword, WorkerQuery.Parse(new WorkerQuery(1, false, new("u", new byte[RequestCodec.LongestPassword].Select(_ => (byte)'x').ToArray(), "", "")).Encode()!)!.Request.Password.Length);

    [Fact]
    public void An_answer_is_read_back() =>
        Gen.Select(Gen.UInt, Gen.Byte, Gen.String[Gen.Char['a', 'z'], 0, 100], Gen.String[Gen.Char['a', '\u07ff'], 0, 50].Array[0, 20]).Sample((id, kind, reason, steps) =>
        {
            var answer = WorkerAnswer.Parse(new WorkerAnswer(id, kind, reason, steps).Encode())!;
            return (answer.Id, answer.Kind, answer.Reason) == (id, kind, reason) && answer.Steps.SequenceEqual(steps);
        });

    [Fact]
    public void What_is_cut_short_is_no_answer_and_no_query()
    {
        var answer = new WorkerAnswer(1, 0, "why", ["one", "two"]).Encode();
        var query = new WorkerQuery(1, false, new("u", "p"u8.ToArray(), "", "")).Encode()!;
        // An answer that ends after a whole text is one with fewer steps.
        int[] whole = [11, 16];
        Assert.All(Enumerable.Range(0, answer.Length).Except(whole), n => Assert.Null(WorkerAnswer.Parse(answer.AsSpan(0, n))));
        Assert.All(Enumerable.Range(0, query.Length), n => Assert.Null(WorkerQuery.Parse(query.AsMemory(0, n))));
    }

    [Fact]
    public void Arbitrary_bytes_never_throw() => Gen.Byte.Array[0, 300].Sample(bytes =>
    {
        if (bytes.Length > 0)
            bytes[0] = bytes.Length % 2 == 0 ? WorkerVerb.Answer : WorkerVerb.Query;
        WorkerAnswer.Parse(bytes);
        WorkerQuery.Parse(bytes);
    });

    [Theory]
    [InlineData("shadow 3 auth")]
    [InlineData("ldap 17 local3 --as 995:42:42,994 --may-execute --concurrent --verbose")]
    [InlineData("sasldb 5 auth --as 995:994: --reads-everything --is-reading")]
    public void Arguments_are_read_back(string line)
    {
        var arguments = line.Split(' ');
        Assert.Equal(arguments, WorkerArguments.Parse(arguments)!.ToArguments());
    }

    [Theory]
    [InlineData("")]
    [InlineData("shadow x auth")]
    [InlineData("shadow 3")]
    [InlineData("shadow 3 auth --as 0")]
    [InlineData("shadow 3 auth --as 1:2:x")]
    [InlineData("shadow 3 auth --root")]
    public void Other_arguments_are_none(string line) => Assert.Null(WorkerArguments.Parse(line.Split(' ')));
}
