using Sasl.Credentials.Native;
using Sasl.Credentials.Sources;
using Sasl.Hosting.Daemon;
using Sasl.Protocols.Saslauthd;

namespace SaslWorker;

/// <summary>--self-test: that the program as published has its native libraries and its tables.</summary>
static class Checks
{
    public static int Run() => SelfTest.Run("saslworker",
        ("libcrypt", () => SelfTest.Expect(Crypt.Hash("x"u8, "$6$", 1000) is { } hash && Crypt.Verify("x"u8, hash) && !Crypt.Verify("y"u8, hash), "a hash does not verify")),
        ("shadow database", () => SelfTest.Expect(!Sasl.Hosting.Unix.Identity.IsRoot || Shadow.Find("root") is not null, "root is not found")),
        ("sqlite", CheckDatabase),
        ("query codec", () => SelfTest.Expect(
            WorkerQuery.Parse(new WorkerQuery(7, false, new("u", "p"u8.ToArray(), "s", "r")).Encode()) is { Id: 7, Request.Login: "u" }, "a query is not read back")));

    static void CheckDatabase()
    {
        var directory = Directory.CreateTempSubdirectory("saslworker-");
        try
        {
            var database = new Sasldb(Path.Combine(directory.FullName, "secrets.db"));
            database.Create();
            SelfTest.Expect(database.TryAdd("u", "r", "{PLAIN}p") && database.Find("u", "r") == "{PLAIN}p", "a secret is not read back");
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
