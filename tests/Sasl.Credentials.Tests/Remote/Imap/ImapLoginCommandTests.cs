using System.Globalization;
using System.Text;
using CsCheck;
using Sasl.Credentials.Remote.Imap;

namespace Sasl.Credentials.Tests.Remote.Imap;

public sealed class ImapLoginCommandTests
{
    static readonly Gen<string> _user = Gen.Char[" -~\r\n\"\\{}éß€"].Array[0, 300].Select(c => new string(c));
    static readonly Gen<byte[]> _password = Gen.OneOf(Gen.Byte[1, 255].Array[0, 6000], Gen.Byte[32, 126].Array[0, 300]);

    static readonly Gen<string[]> _capabilities = Gen.Int[0, 3].Select(i => ((string[][])[[], ["LITERAL+"], ["LITERAL-"], ["IMAP4REV2"]])[i]);

    [Fact]
    public void Whatever_name_and_password_are_a_server_reads_them_and_nothing_else() =>
        Gen.Select(_user, _password, _capabilities).Sample((user, password, capabilities) =>
        {
            using var command = new ImapLoginCommand("saslauthd", user, password, capabilities);
            var (readUser, readPassword) = Read(command.Pieces);
            Assert.Equal(user, Encoding.UTF8.GetString(readUser));
            Assert.Equal(password, readPassword);
            Assert.True(capabilities is not ["LITERAL+"] || command.Pieces.Count == 1);
        });

    [Theory]
    [InlineData("bob", "geheim", "saslauthd LOGIN \"bob\" \"geheim\"\r\n")]
    [InlineData("", " ", "saslauthd LOGIN \"\" \" \"\r\n")]
    [InlineData("b\"b", "x", "saslauthd LOGIN {3}\r\n|b\"b \"x\"\r\n")]
    [InlineData("bob", "é", "saslauthd LOGIN \"bob\" {2}\r\n|é\r\n")]
    public void Harmless_values_are_quoted_others_are_literals(string user, string password, string expected)
    {
        using var command = new ImapLoginCommand("saslauthd", user, Encoding.UTF8.GetBytes(password), []);
        Assert.Equal(expected, string.Join('|', command.Pieces.Select(Encoding.UTF8.GetString)));
    }

    [Fact]
    public void Nothing_is_left_of_it()
    {
        var command = new ImapLoginCommand("saslauthd", "b\"b", "ge\"heim"u8, []);
        command.Dispose();
        Assert.All(command.Pieces.SelectMany(p => p), b => Assert.Equal(0, b));
    }

    /// <summary>As a server does: strictly, and a piece at a time.</summary>
    static (byte[] User, byte[] Password) Read(IReadOnlyList<byte[]> pieces)
    {
        var (piece, at) = (0, 0);
        Expect("saslauthd LOGIN ");
        var user = String();
        Expect(" ");
        var password = String();
        Expect("\r\n");
        Assert.Equal((pieces.Count - 1, pieces[^1].Length), (piece, at));
        return (user, password);

        void Expect(string text)
        {
            Assert.Equal(text, Encoding.ASCII.GetString(pieces[piece].AsSpan(at, text.Length)));
            at += text.Length;
        }

        byte[] String()
        {
            var first = pieces[piece][at++];
            var end = Array.IndexOf(pieces[piece], (byte)(first == '"' ? '"' : '}'), at);
            var text = pieces[piece][at..end];
            at = end + 1;
            if (first == '"')
            {
                Assert.DoesNotContain(text, b => b is < 32 or > 126 or (byte)'\\');
                return text;
            }
            Assert.Equal((byte)'{', first);
            var isFree = text[^1] == '+';
            var length = int.Parse(Encoding.ASCII.GetString(isFree ? text[..^1] : text), NumberStyles.None, CultureInfo.InvariantCulture);
            Expect("\r\n");
            if (!isFree)
            {
                Assert.Equal(pieces[piece].Length, at);
                (piece, at) = (piece + 1, 0);
            }
            at += length;
            return pieces[piece][(at - length)..at];
        }
    }
}
