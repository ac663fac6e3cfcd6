using Sasl.Mechanisms;
using Testing;

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

    /// <summary>Adds users whose sequences of one-time passwords we made, as our library writes them.</summary>
    public static async Task AddAsync(string directory, params IEnumerable<(string User, OtpSecret Secret)> users)
    {
        // Without a password nobody is a user.
        var lines = users.SelectMany(u => new[] { Key(u.User, "userPassword"), "another", Key(u.User, Otp), OtpSecretText.Format(u.Secret).Replace("\t", @"\09") });
        await System.IO.File.WriteAllLinesAsync($"{directory}/otp", lines);
        await using var load = new LineProgram("db_load", ["-T", "-t", "hash", "-f", $"{directory}/otp", File(directory)]);
        Assert.True(await load.EndAsync() == 0, load.Transcript);
    }

    /// <summary>Alice's sequence as saslpasswd2 made it.</summary>
    public static async Task<OtpSecret> OtpAsync()
    {
        using var directory = new TemporaryDirectory();
        await MakeAsync(directory.Path, directory["sample.conf"]);
        var lines = (await LineProgram.RunAsync("db_dump", "-p", File(directory.Path))).Split('\n', StringSplitOptions.TrimEntries);
        var value = lines[Array.IndexOf(lines, Key("alice", Otp)) + 1];
        return OtpSecretText.Parse(value.Replace(@"\09", "\t").Replace(@"\00", "\0")) ?? throw new InvalidOperationException(value);
    }

    const string Otp = "cmusaslsecretOTP";

    static string Key(string user, string property) => $@"{user}\00{Realm}\00{property}";
}
