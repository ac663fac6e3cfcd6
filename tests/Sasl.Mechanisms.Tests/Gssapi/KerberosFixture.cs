using Testing;

namespace Sasl.Mechanisms.Tests.Gssapi;

/// <summary>One KDC for all Kerberos tests of the process: the library knows one krb5.conf a process.</summary>
[CollectionDefinition(Name)]
public sealed class KerberosFixture : ICollectionFixture<KerberosFixture>, IAsyncLifetime
{
    public const string Name = "Kerberos";

    public const string Realm = "TEST.LOCAL", ForeignRealm = "OTHER.LOCAL", Password = "wonderland";

    public Kdc Kdc { get; private set; } = null!;

    /// <summary>Keys of imap@localhost and smtp@localhost.</summary>
    public string Keytab => Kdc["keytab"];

    /// <summary>Another key of imap@localhost than the KDC has.</summary>
    public string OldKeytab => Kdc["old-keytab"];

    /// <summary>Tickets of alice@TEST.LOCAL, who is in the default realm.</summary>
    public string Alice { get; private set; } = "";

    /// <summary>Tickets of alice@OTHER.LOCAL.</summary>
    public string Foreigner { get; private set; } = "";

    public async Task InitializeAsync()
    {
        Kdc = await Kdc.StartAsync(Realm, ForeignRealm);
        await Kdc.AddUserAsync("alice", Password);
        await Kdc.AddUserAsync($"alice@{ForeignRealm}", Password);
        await Kdc.AddServiceAsync("imap/localhost", OldKeytab);
        await Kdc.AddKeyAsync("imap/localhost", Keytab);
        await Kdc.AddServiceAsync("smtp/localhost", Keytab);
        Alice = await Kdc.TicketAsync("alice", Password, "alice");
        Foreigner = await Kdc.TicketAsync($"alice@{ForeignRealm}", Password, "foreign-alice");
        Kdc.UseInThisProcess();
    }

    public async Task DisposeAsync() => await Kdc.DisposeAsync();
}
