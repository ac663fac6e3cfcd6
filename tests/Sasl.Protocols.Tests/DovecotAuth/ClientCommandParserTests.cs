using System.Text;
using CsCheck;
using Sasl.Protocols.DovecotAuth;

namespace Sasl.Protocols.Tests.DovecotAuth;

public sealed class ClientCommandParserTests
{
    static readonly string[] _words =
        ["AUTH", "CONT", "CANCEL", "VERSION", "CPID", "\t", "1", "0", "resp=", "service=x", "=", "AAAA", "\x1", "PLAIN", "99999999999"];

    static ClientCommand Parse(string line, int minor = 2) => ClientCommandParser.Parse(Encoding.UTF8.GetBytes(line), minor);

    [Fact]
    public void An_auth_line_with_everything()
    {
        var auth = Assert.IsType<ClientCommand.Auth>(Parse("AUTH\t4294967295\tPLAIN\tservice=imap\tsecured=tls\tnologin\tsession=a\u0001tb\tunknown\tresp=AAE="));
        Assert.Equal((4294967295u, "PLAIN", "imap", "tls", "a\tb"), (auth.Id, auth.Mechanism, auth.Service, auth["secured"], auth["session"]));
        Assert.True(auth.Has("nologin"));
        Assert.False(auth.Has("no"));
        Assert.Equal([0, 1], auth.Initial.Bytes!);
    }

    [Fact]
    public void Dovecot_2_4_says_protocol_for_service() =>
        Assert.Equal("lmtp", Assert.IsType<ClientCommand.Auth>(Parse("AUTH\t1\tPLAIN\tprotocol=lmtp")).Service);

    [Theory]
    [InlineData("CONT\t1\t", 0)]
    [InlineData("CONT\t1\tAAE=", 2)]
    public void Continuations(string line, int length) => Assert.Equal(length, Assert.IsType<ClientCommand.Continue>(Parse(line)).Data.Bytes!.Length);

    // RFC 4648 §3.2–3.3: no missing padding, no other characters, nothing after the padding.
    [Theory]
    [InlineData("A")]
    [InlineData("AAE")]
    [InlineData("AAE=AAE=")]
    [InlineData("A A=")]
    [InlineData("====")]
    [InlineData("AA==\tchannel_binding=AA==")]
    [InlineData("#")]
    [InlineData("AA-_")]
    public void What_is_not_base64_is_told_apart(string data) => Assert.True(Assert.IsType<ClientCommand.Continue>(Parse($"CONT\t1\t{data}")).Data.IsInvalid);

    [Fact]
    public void Any_bytes_are_a_command_or_broken()
    {
        var words = Gen.Int[0, 14].Select(i => _words[i]);
        Gen.Select(Gen.OneOf(words, Gen.String[0, 4]).Array[0, 12], Gen.Int[0, 4]).Sample((parts, minor) =>
            Assert.NotNull(Parse(string.Concat(parts), minor)));
        Gen.Byte.Array[0, 60].Sample(bytes => Assert.NotNull(ClientCommandParser.Parse(bytes, 2)));
    }

    [Fact]
    public void Any_data_survives_the_line()
    {
        Gen.Byte.Array[1, 200].Sample(data =>
            Assert.Equal(data, Assert.IsType<ClientCommand.Auth>(Parse($"AUTH\t1\tX\tservice=y\tresp={Convert.ToBase64String(data)}")).Initial.Bytes));
    }
}
