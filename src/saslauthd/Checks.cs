using Sasl.Hosting.Daemon;
using Sasl.Protocols.Saslauthd;

namespace Saslauthd;

/// <summary>--self-test: that the program as published has what it needs; its worker program has a self-test of its own.</summary>
static class Checks
{
    public static int Run() => SelfTest.Run("saslauthd",
        ("worker program", () => SelfTest.Expect(File.Exists(Path.Combine(AppContext.BaseDirectory, "saslworker")), "saslworker is not beside it")),
        ("request codec", () => SelfTest.Expect(
            RequestCodec.Parse(RequestCodec.Encode(new("u", "p"u8.ToArray(), "s", "r"))!).Status == RequestStatus.Complete, "a request is not read back")));
}
