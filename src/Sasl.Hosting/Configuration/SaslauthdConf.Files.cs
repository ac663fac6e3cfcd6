namespace Sasl.Hosting.Configuration;

// -a passwdfile. Cyrus has none of these.
public static partial class SaslauthdConf
{
    public static readonly Setting Passwdfile = Text("passwdfile", "",
        "The file of users and hashes, where -O does not name it.");
}
