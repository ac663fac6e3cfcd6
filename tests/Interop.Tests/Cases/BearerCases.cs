using Interop.Tests.Matrix;
using Interop.Tests.Peers;
using Sasl.Mechanisms;

namespace Interop.Tests.Cases;

/// <summary>OAUTHBEARER and XOAUTH2: a good token, a bad one with the error round, another user's.</summary>
static class BearerCases
{
    public static IEnumerable<Case> Of(SaslMechanism mechanism, Peer peer)
    {
        if (mechanism.Need != ClientNeed.Token)
            yield break;
        var login = new Login(mechanism.Name) { Token = "good.token" };
        switch (peer)
        {
            // MailKit's OAUTHBEARER wants its client's address: TlsCases has it.
            case MailKitClient when mechanism.Name == "OAUTHBEARER":
                break;
            case ClientPeer client:
                yield return new("good token", () => Expect.IsIn(client, login, new House(), "alice"));
                yield return new("good token, without an initial response", () => Expect.IsIn(client, login with { Initial = false }, new House(), "alice"));
                yield return new("bad token refused, after the client has answered the error", () => Expect.IsRefused(client, login with { Token = "bad.token" }, new House(), FailureKind.BadCredentials));
                yield return new("token of another user refused", () => Expect.IsRefused(client, login with { User = "mallory" }, new House(), FailureKind.BadCredentials));
                break;
            case ServerPeer server:
                yield return new("good token", () => Expect.LetsIn(server, login with { Token = server.Token }, "alice"));
                yield return new("good token, without an initial response", () => Expect.LetsIn(server, login with { Token = server.Token, Initial = false }, "alice"));
                yield return new("bad token refused, after we have answered the error", () => Expect.Refuses(server, login with { Token = "bad.token" }));
                break;
        }
    }
}
