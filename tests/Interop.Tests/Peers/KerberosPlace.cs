using Testing;

namespace Interop.Tests.Peers;

/// <summary>A realm with alice and a service, on a KDC of the tests' own; started when the first case asks for it.</summary>
/// <param name="Kdc">Ends with the process.</param>
/// <param name="Tickets">Alice's.</param>
/// <param name="Keytab">The service's key.</param>
/// <param name="OldKeytab">A key that the service had before.</param>
sealed record KerberosPlace(Kdc Kdc, string Tickets, string Keytab, string OldKeytab)
{
    public const string Service = "imap", Host = "localhost", Realm = "TEST.LOCAL";

    static readonly Lazy<Task<KerberosPlace>> _place = new(() => Task.Run(StartAsync));

    public static Task<KerberosPlace> AskAsync() => _place.Value;

    /// <summary>A peer's environment.</summary>
    public static (string, string)[] Environment(Login login) =>
        login.Kerberos is { } place ? [.. place.Kdc.Environment(place.Tickets, place.Keytab).Select(pair => (pair.Key, pair.Value))] : [];

    static async Task<KerberosPlace> StartAsync()
    {
        var kdc = await Kdc.StartAsync(Realm);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => kdc.DisposeAsync().AsTask().Wait();
        await kdc.AddUserAsync("alice", Login.Right);
        await kdc.AddServiceAsync($"{Service}/{Host}", kdc["old-keytab"]);
        await kdc.AddKeyAsync($"{Service}/{Host}", kdc["keytab"]);
        // MailKit's name for every service, and it connects to an address.
        await kdc.AddServiceAsync("SMTPSVC/127.0.0.1", kdc["keytab"]);
        var tickets = await kdc.TicketAsync("alice", Login.Right, "tickets");
        // MailKit asks the library of our own process.
        kdc.UseInThisProcess(tickets);
        return new(kdc, tickets, kdc["keytab"], kdc["old-keytab"]);
    }
}
