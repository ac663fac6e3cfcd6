using System.Net.Sockets;
using System.Text;
using CsCheck;
using Sasl.Credentials.Sources;

namespace AuthServer.Tests.Client;

/// <summary>
/// CVE-2025-59028 and CVE-2025-30189: many users' logins on one connection. What one of them does wrong is never another's failure, and
/// nobody gets another one's name.
/// </summary>
public sealed class SharedConnectionTests
{
    static readonly string[] _users = ["alice", "bob", "carol"];

    /// <summary>One login: its lines, and how its answer must begin after the id.</summary>
    sealed record Login(string[] Lines, string Answer);

    static Login Of(int kind, int user, uint id)
    {
        var (name, right, wrong) = (_users[user], TestServer.Plain(_users[user], $"secret of {_users[user]}"), TestServer.Plain(_users[user], "wrong"));
        string Auth(string rest) => $"AUTH|{id}|{rest}";
        return kind switch
        {
            0 => new([Auth($"PLAIN|service=imap|nologin|resp={right}")], $"OK|{id}|user={name}"),
            1 => new([Auth($"PLAIN|service=imap|nologin|resp={wrong}")], $"FAIL|{id}|user={name}"),
            2 => new([Auth("PLAIN|service=imap|nologin|resp=***")], $"FAIL|{id}|code=invalid_base64"),
            3 => new([Auth("NTLM|service=imap|nologin")], $"FAIL|{id}|reason=Unsupported"),
            4 => new([Auth("LOGIN|service=imap|nologin"), $"CANCEL|{id}"], ""),
            5 => new([Auth($"PLAIN|service=imap|nologin|resp={TestServer.Plain("x\t\x1\n", "x")}")], $"FAIL|{id}|user=x"),
            6 => new([Auth($"PLAIN|service=imap|nologin|resp={Convert.ToBase64String(new byte[300])}")], $"FAIL|{id}"),
            // Its continuation comes when the mechanism has asked; that it is not base64 fails this login alone.
            _ => new([Auth("PLAIN|service=imap|nologin")], $"CONT|{id}|"),
        };
    }

    [Fact]
    public async Task Any_mixture_of_logins_gives_each_its_own_answer()
    {
        using var server = new TestServer();
        var database = new Sasldb(server["secrets.db"]);
        foreach (var user in _users)
            database.Set(user, "", Sasldb.PasswordKind, $"{{PLAIN}}secret of {user}");
        await Gen.Select(Gen.Int[0, 7], Gen.Int[0, 2]).Array[1, 40].SampleAsync(async plan =>
        {
            var logins = plan.Select((p, i) => Of(p.Item1, p.Item2, (uint)i + 1)).ToArray();
            await using var stream = server.Connect();
            await stream.WriteAsync(Encoding.ASCII.GetBytes(TestServer.Tabs("VERSION|1|2\nCPID|1\n" + string.Concat(logins.SelectMany(l => l.Lines).Select(l => l + "\n")))));
            var answers = await AnswersAsync(stream, logins.Count(l => l.Answer.Length > 0));
            foreach (var (i, login) in logins.Index().Where(l => l.Item.Answer.Length > 0))
                Assert.StartsWith(login.Answer, Assert.Single(answers, a => a.Split('|')[1] == $"{i + 1}" && !a.EndsWith("|VXNlcm5hbWU6")));
        }, iter: 60);
    }

    /// <summary>That many answers; prompts of logins that were cancelled meanwhile do not count.</summary>
    static async Task<List<string>> AnswersAsync(NetworkStream stream, int count)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8, leaveOpen: true);
        while (await reader.ReadLineAsync() != "DONE")
        {
        }
        var answers = new List<string>();
        while (answers.Count < count)
        {
            var line = (await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20)) ?? throw new EndOfStreamException("closed")).Replace('\t', '|');
            if (!line.EndsWith("|VXNlcm5hbWU6", StringComparison.Ordinal))
                answers.Add(line);
        }
        return answers;
    }
}
