namespace Sasl.Hosting.Configuration;

// -a kerberos5. All but the last are Cyrus' (krb5_uppercase_realm of its unreleased code).
public static partial class SaslauthdConf
{
    public static readonly Setting Krb5Keytab = Text("krb5_keytab", "/etc/krb5.keytab",
        "The keytab with the key that proves that the KDC is the real one. Without it nobody can log in.");

    public static readonly Setting Krb5VerifyPrincipal = Text("krb5_verify_principal", "host",
        "The service whose key that is.", s => s with { Check = Component });

    public static readonly Setting Krb5Servername = Text("krb5_servername", "",
        "The host in that service's principal; empty: this machine's name.", s => s with { Check = Component });

    public static readonly Setting Krb5ServiceInstance = Text("krb5_<service>_instance", "",
        "The instance that users of a service have, as in krb5_imap_instance: mail for bob/mail; who types another one is refused.", s => s with { Check = Component });

    public static readonly Setting Krb5ConvKrb4Instance = YesNo("krb5_conv_krb4_instance", "no",
        "The first dot of a login stands for a slash: bob.mail is bob/mail.");

    public static readonly Setting Krb5UppercaseRealm = YesNo("krb5_uppercase_realm", "no",
        "The realm that comes with a login is a domain: its capitals are the Kerberos realm.");

    public static readonly Setting Krb5Realms = List("krb5_realms", "",
        "Other realms than the verifying key's whose users may log in; the KDCs have to trust each other. * for every such realm, as Cyrus up to 2.1.28.");

    static string? Component(string value) => value.AsSpan().IndexOfAny("/@\\ \t") >= 0 ? $"\"{value}\" cannot be a part of a principal's name" : null;
}
