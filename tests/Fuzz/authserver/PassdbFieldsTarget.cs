using AuthServer.Logins;
using AuthServer.Passdb;

namespace Fuzz;

/// <summary>Extra fields of a database: any names and values restrict or do nothing; none opens what another closes.</summary>
static class PassdbFieldsTarget
{
    public static readonly string[] Seeds = ["allow_nets=192.0.2.0/24,local", "nologin", "user=bob", "allow_nets=nonsense\nuser:default=x\nuserdb_home:remove", "allow_nets:default=::1"];

    static readonly PassdbEntry _entry = new(new Nobody(), new());

    public static void Run(ReadOnlySpan<byte> input)
    {
        var fields = Bytes.Utf8(input).Split('\n').Select(l => l.Split('=', 2)).Select(f => (f[0], f.Length > 1 ? f[1] : "yes")).ToArray();
        var login = new LoginFacts("alice", "alice", new("imap", "192.0.2.1", null));
        var row = PassdbFields.Accept(_entry, login, PassdbRow.Found(fields));
        Check.That(login.Fields["nologin"] is null || row.Kind != PassdbKind.Found, "nologin lets somebody in");
        Check.That(login.User.Length > 0, "a user without a name");
    }

    sealed class Nobody : IPassdb
    {
        public string Driver => "nobody";

        public PassdbAbilities Abilities => PassdbAbilities.None;
    }
}
