using Sasl.Hosting.Daemon;
using Sasl.Protocols.Saslauthd;

namespace TestSaslauthd;

/// <summary>--self-test.</summary>
static class Checks
{
    public static int Run() => SelfTest.Run("testsaslauthd",
        ("request codec", () => SelfTest.Expect(
            RequestCodec.Parse(RequestCodec.Encode(new("u", "p"u8.ToArray(), "s", "r"))!).Status == RequestStatus.Complete, "a request is not read back")),
        ("sockets", () => SelfTest.Expect(
            new SaslauthdClient("/nonexistent/mux").AskAsync(new("u", "p"u8.ToArray(), "s", "r"), default).GetAwaiter().GetResult().Text
                == "No such file or directory", "a missing socket is not seen")));
}
