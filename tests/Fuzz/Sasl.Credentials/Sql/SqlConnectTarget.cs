using Sasl.Credentials.Sql;

namespace Fuzz;

/// <summary>Connect strings: understood, or refused without repeating what may be a password.</summary>
static class SqlConnectTarget
{
    public static readonly string[] Seeds =
    [
        "host=127.0.0.1 dbname=mail user=auth password='it\\'s secret'", "host=a,b port=1,2 sslmode=require maxconns=9", "host = /run/pg host=b connect_timeout=3", "a b='", "password=\\",
    ];

    public static void Run(ReadOnlySpan<byte> input)
    {
        var text = Bytes.Utf8(input);
        try
        {
            var words = SqlConnectWords.Parse(text);
            Check.That(words.All(w => w.Name.Length > 0) && words.Sum(w => w.Name.Length + w.Value.Length + 1) <= text.Length, "more than there was");
            Check.That(PgsqlConnect.Read(text).Count is > 0 and <= 16, "no server, or too many");
        }
        catch (FormatException refused)
        {
            Check.That(refused.Message.Length < 200 || text.Length >= 200, "a message that repeats the text");
        }
        catch (ArgumentException)
        {
            // A value that Npgsql refuses; PgsqlDatabase.Of says so without it.
        }
    }
}
