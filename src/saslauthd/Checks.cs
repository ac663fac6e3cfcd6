using Sasl.Credentials.Native;
using Sasl.Credentials.Sources;
using Sasl.Hosting.Daemon;
using Sasl.Protocols.Saslauthd;

namespace Saslauthd;

/// <summary>--self-test: that the program as published has its native libraries and its tables.</summary>
static class Checks
{
    public static int Run() => SelfTest.Run("saslauthd",
        ("libcrypt", () => SelfTest.Expect(Crypt.Hash("x"u8, "$6$", 1000) is { } hash && Crypt.Verify("x"u8, hash) && !Crypt.Verify("y"u8, hash), "a hash does not verify")),
        ("shadow database", () => SelfTest.Expect(!Sasl.Hosting.Unix.Identity.IsRoot || Shadow.Find("root") is not null, "root is not found")),
        ("sqlite", CheckDatabase),
        ("request codec", () => SelfTest.Expect(
            RequestCodec.Parse(RequestCodec.Encode(new("u", "p"u8.ToArray(), "s", "r"))!).Status == RequestStatus.Complete, "a request is not read back")));

    static void CheckDatabase()
    {
        var directory = Directory.CreateTempSubdirectory("saslauthd-");
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
