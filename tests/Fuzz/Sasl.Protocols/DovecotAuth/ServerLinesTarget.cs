using Sasl.Protocols;
using Sasl.Protocols.DovecotAuth;

namespace Fuzz;

/// <summary>
/// Everything an auth server may say: greeting, OK, FAIL, CONT, USER, NOTFOUND, with and without fields. A broken line is a problem or a
/// temporary failure, never an exception and never a login (an OK without a user).
/// </summary>
static class ServerLinesTarget
{
    public static readonly string[] Seeds =
    [
        "VERSION\t1\t2\nMECH\tPLAIN\tplaintext\nMECH\tLOGIN\nSPID\t17\nCUID\t1\nCOOKIE\t0123\nDONE", "VERSION\nMECH\nSPID\nCUID\nCOOKIE\nDONE", "OK\t1\tuser=alice\textra", "OK\nOK\t1\nOK\t1\tuser=", "FAIL\t1\tuser=a\treason=no\tcode=temp_fail\tauthz",
        "USER\t1\talice\tuid=5\tgid=-1\thome=/x", "USER\t1\nNOTFOUND\nFAIL\nLIST\t1", "VERSION\t2\t0\nDONE",
    ];

    public static void Run(ReadOnlySpan<byte> input)
    {
        var greeting = new AuthHandshakeReader();
        foreach (var line in Bytes.Utf8(input).Split('\n'))
        {
            var fields = TabLine.Split(line);
            if (greeting.Result is null)
                greeting.Take(fields);
            Reply(fields);
        }
        if (greeting.Result is { } handshake)
            Check.That(handshake.Mechanisms.All(m => m.Name.Length > 0) && SecurityOptions.Filter(handshake.Mechanisms, ["noplaintext"]).All(m => (m.Flags & OfferedFlags.Plaintext) == 0), "a mechanism that may not be there");
    }

    static void Reply(string[] fields)
    {
        var user = UserdbAnswer.From(fields);
        Check.That(!user.IsFound || fields[0] == "USER", "a user that nobody found");
        _ = (user.Uid, user.Gid, user.Home, user.Mail, OfferedMechanism.TryParse(fields));
        // The link hands on only lines with an id.
        if (fields.Length < 2)
            return;
        if (fields[0] == "OK")
            Check.That(AuthResult.FromOk(fields, 1, new(2, [], 1, "", "")) is { IsOk: false } or { User.Length: > 0 }, "a login without a user");
        if (fields[0] == "FAIL")
            Check.That(!AuthResult.FromFail(fields).IsOk, "a failure that is a login");
    }
}
