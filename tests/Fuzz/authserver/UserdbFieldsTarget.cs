using AuthServer.Logins;
using AuthServer.Userdb;
using Microsoft.Extensions.Logging.Abstractions;
using Sasl.Credentials;

namespace Fuzz;

/// <summary>Fields of a userdb: whatever they are, nobody's mail is handled as root, and no name has a control character.</summary>
static class UserdbFieldsTarget
{
    public static readonly string[] Seeds = ["uid=1000\ngid=1000\nhome=/h\nmail=m", "uid=0\ngid=1", "uid=root\ngid=1", "uid=00\ngid=1", "uid=1\ngid=1\nuser=x\ny", "uid=1\ngid=1\ntempfail=y\nreason=r", "uid=4294967295\ngid=-1", "uid:remove\ngid:default=1\nuid=+0"];

    public static void Run(ReadOnlySpan<byte> input)
    {
        var fields = Bytes.Utf8(input).Split('\n').Select(l => l.Split('=', 2)).Select(f => (Name: f[0], Value: f.Length > 1 ? f[1] : "yes"));
        // The file system and NSS are left alone.
        var lookup = Lookup.Found(fields.Where(f => !f.Name.StartsWith("uidgid_file", StringComparison.Ordinal)));
        var login = new LoginFacts("bob", "bob", new("imap", null, null));
        var chain = new UserdbChain([new(new One(lookup), new())], new UserdbFields(HashWorkers.Inline, "", ""), NullLogger.Instance);
        var found = chain.FindAsync(login, true, default).AsTask().GetAwaiter().GetResult();
        Check.That(found.Kind != LookupKind.Found || (found.Uid is not (0 or Lookup.NotSaid) && found.Gid is not (0 or Lookup.NotSaid)), "root, or nobody");
        Check.That(login.User.Length > 0 && !login.User.Any(char.IsControl) || login.User.Any(c => c is >= '\u0080' and < '\u00a0'), "a control character in a name");
        new UserdbFields(HashWorkers.Inline, "", "").EndAsync(login, default).AsTask().GetAwaiter().GetResult();
    }

    sealed class One(Lookup answer) : IUserdb
    {
        public string Driver => "one";

        public ValueTask<Lookup> FindAsync(LoginFacts login, bool isAuthenticated, CancellationToken stop) => new(answer);
    }
}
