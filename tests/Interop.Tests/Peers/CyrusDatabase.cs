namespace Interop.Tests.Peers;

/// <summary>A secrets database of Cyrus SASL that knows one user, and the configuration that names it.</summary>
static class CyrusDatabase
{
    public const string Realm = "example.org";

    /// <summary>Why Kerberos and OTP are not set up for every program that has Cyrus SASL inside.</summary>
    public const string Elsewhere = "it is the code of Cyrus SASL's own programs, which have a column";

    public static string File(string directory) => $"{directory}/sasldb2";

    /// <param name="directory">For the database.</param>
    /// <param name="configuration">The file of the program's name that Cyrus SASL reads.</param>
    public static async Task MakeAsync(string directory, string configuration, string user = "alice", string password = Login.Right)
    {
        await System.IO.File.WriteAllTextAsync(configuration, $"pwcheck_method: auxprop\nauxprop_plugin: sasldb\nsasldb_path: {File(directory)}\n");
        await using var made = new LineProgram("saslpasswd2", ["-p", "-c", "-f", File(directory), "-u", Realm, user], null, ("SASL_CONF_PATH", directory));
        await made.WriteAsync(password);
        Assert.True(await made.EndAsync() == 0, made.Transcript);
    }
}
