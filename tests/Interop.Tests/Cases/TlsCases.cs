using System.Security.Authentication;
using Interop.Tests.Matrix;
using Interop.Tests.Peers;
using Interop.Tests.Wire;
using Sasl.Mechanisms;

namespace Interop.Tests.Cases;

/// <summary>Real clients against our server over real TLS: MailKit with every mechanism, gsasl and Cyrus where channel bindings are used.</summary>
static class TlsCases
{
    public static IEnumerable<Case> Of(SaslMechanism mechanism, Peer peer) => peer switch
    {
        MailKitClient when mechanism.Need == ClientNeed.Kerberos => OfKerberos(mechanism),
        _ when mechanism.Need == ClientNeed.Kerberos => [],
        MailKitClient when IsBound(mechanism) => [.. OfBinding(mechanism, MailClients.MailKitAsync, SslProtocols.Tls13, ChannelBindings.EndPoint),
            .. OfBinding(mechanism, MailClients.MailKitAsync, SslProtocols.Tls12, ChannelBindings.EndPoint)],
        GsaslClient when IsBound(mechanism) => [.. OfBinding(mechanism, MailClients.GsaslAsync, SslProtocols.Tls13, ChannelBindings.Exporter),
            .. OfBinding(mechanism, MailClients.GsaslAsync, SslProtocols.Tls12, ChannelBindings.Unique)],
        CyrusClient when IsBound(mechanism) => [.. OfBinding(mechanism, MailClients.CyrusAsync, SslProtocols.Tls12, ChannelBindings.Unique), OfCyrusOnTls13(mechanism)],
        MailKitClient => OfMailKit(mechanism),
        _ => [],
    };

    static bool IsBound(SaslMechanism mechanism) => mechanism.Flags.HasFlag(MechanismFlags.ChannelBinding);

    static IEnumerable<Case> OfMailKit(SaslMechanism mechanism)
    {
        foreach (var (isImap, initial, how) in ((bool, bool, string)[])[(true, true, "IMAP with SASL-IR"), (true, false, "IMAP without SASL-IR"), (false, true, "SMTP")])
        {
            var options = new TestServerOptions(isImap) { Mechanisms = [mechanism.Name], InitialResponse = initial };
            var login = new Login(mechanism.Name) { Token = "good.token" };
            yield return new($"{how} over TLS", () => IsIn(options, MailClients.MailKitAsync, login));
            if (mechanism.Need is ClientNeed.Password or ClientNeed.Token)
            {
                yield return new($"{how} over TLS, wrong password or token refused",
                    () => IsRefused(options, MailClients.MailKitAsync, login with { Password = "crayon", Token = "bad.token" }, FailureKind.BadCredentials));
            }
        }
    }

    /// <summary>It asks for tickets for SMTPSVC, whatever the protocol: our server takes every key of its keytab.</summary>
    static IEnumerable<Case> OfKerberos(SaslMechanism mechanism)
    {
        foreach (var (isImap, initial, how) in ((bool, bool, string)[])[(true, true, "IMAP with SASL-IR"), (true, false, "IMAP without SASL-IR"), (false, true, "SMTP")])
        {
            var options = new TestServerOptions(isImap) { Mechanisms = [mechanism.Name], InitialResponse = initial };
            yield return new($"{how} over TLS, with a ticket", async () =>
            {
                var place = await KerberosPlace.AskAsync();
                await IsIn(options with { Keytab = place.Keytab }, MailClients.MailKitAsync, new(mechanism.Name) { Kerberos = place });
            });
            yield return new($"{how} over TLS, a server with another key refuses", async () =>
            {
                var place = await KerberosPlace.AskAsync();
                await IsRefused(options with { Keytab = place.OldKeytab }, MailClients.MailKitAsync, new(mechanism.Name) { Kerberos = place }, FailureKind.BadCredentials);
            });
        }
    }

    static Case OfCyrusOnTls13(SaslMechanism mechanism) =>
        new("IMAP over TLS 1.3", () => IsRefused(new(IsImap: true), MailClients.CyrusAsync, new(mechanism.Name), FailureKind.ChannelBinding))
        {
            Fault = "it uses tls-unique, which is not defined there (RFC 9266 §3)",
        };

    static IEnumerable<Case> OfBinding(SaslMechanism mechanism, MailClient client, SslProtocols tls, string type)
    {
        foreach (var isImap in (bool[])[true, false])
        {
            var options = new TestServerOptions(isImap) { Tls = tls };
            var login = new Login(mechanism.Name) { Binding = (type, []) };
            var how = $"{(isImap ? "IMAP" : "SMTP")} over {(tls == SslProtocols.Tls13 ? "TLS 1.3" : "TLS 1.2")}, {type}";
            yield return new(how, async () => Assert.Equal([type], await IsIn(options, client, login)));
            yield return new($"{how}, against stored keys", async () => Assert.Equal([type], await IsIn(options with { House = new House(cleartext: false) }, client, login)));
            yield return new($"{how}, wrong password refused", () => IsRefused(options, client, login with { Password = "crayon" }, FailureKind.BadCredentials));
            yield return new($"{how}, a server that sees another channel refuses", () => IsRefused(options with { Lie = new ChannelBindings((type, new byte[32])) }, client, login, FailureKind.ChannelBinding));
        }
    }

    /// <returns>The types of channel binding that were used.</returns>
    static async Task<IReadOnlyList<string>> IsIn(TestServerOptions options, MailClient client, Login login)
    {
        await using var server = new TestServer(options);
        var (isIn, said) = await client(options.IsImap, server.Port, login);
        var outcomes = await server.OutcomesAsync();
        Assert.True(isIn && outcomes is [SaslOutcome.Success { AuthorizationId: "alice" or "anonymous" }], $"{said}\n{string.Join('\n', outcomes)}\n{server.Transcript}");
        return server.BindingsAsked;
    }

    static async Task IsRefused(TestServerOptions options, MailClient client, Login login, FailureKind kind)
    {
        await using var server = new TestServer(options);
        var (isIn, said) = await client(options.IsImap, server.Port, login);
        var outcomes = await server.OutcomesAsync();
        Assert.True(!isIn && outcomes is [SaslOutcome.Failure failure] && failure.Kind == kind, $"{said}\n{string.Join('\n', outcomes)}\n{server.Transcript}");
    }
}
