namespace EndToEnd.Tests;

/// <summary>
/// Walkthrough B4: a mail user as an administrator makes one, "useradd -s /sbin/nologin user1; passwd user1": an account of the system
/// that can log in to mail and not to a shell. Gone afterwards, with its home.
/// </summary>
public sealed class SystemUser : IAsyncDisposable
{
    public required string Name { get; init; }

    public required string Password { get; init; }

    public required string Home { get; init; }

    public uint Uid { get; private set; }

    public static Task<SystemUser> CreateAsync(TestHouse house, string password = "s3cret pass") => CreateAsync(house["home"], password);

    public static async Task<SystemUser> CreateAsync(string homes, string password = "s3cret pass")
    {
        var name = $"mailt{Guid.NewGuid():N}"[..14];
        var user = new SystemUser { Name = name, Password = password, Home = Path.Combine(homes, name) };
        Directory.CreateDirectory(homes);
        await AccountAsync(null, "useradd", "-m", "-d", user.Home, "-s", "/sbin/nologin", name);
        await AccountAsync($"{name}:{password}\n", "chpasswd", "-c", "SHA256");
        user.Uid = Sasl.Hosting.Unix.Accounts.Find(name)!.Uid;
        return user;
    }

    /// <summary>The files of new/ and cur/ of a Maildir in the home.</summary>
    public string[] Mails(string maildir = "Maildir") =>
        [.. new[] { "new", "cur" }.Select(d => Path.Combine(Home, maildir, d)).Where(Directory.Exists).SelectMany(Directory.GetFiles)];

    /// <summary>Writes a file of the user's own, as he would.</summary>
    public async Task WriteAsync(string name, string text)
    {
        var path = Path.Combine(Home, name);
        await File.WriteAllTextAsync(path, text);
        Sasl.Hosting.Unix.Files.ChangeOwner(path, Uid, Sasl.Hosting.Unix.Accounts.Find(Name)!.Gid);
    }

    public async ValueTask DisposeAsync() => await AccountAsync(null, "userdel", "-r", Name);

    /// <summary>Somebody else may be holding the lock on /etc/passwd: then again. That there is no mail spool to remove is no failure.</summary>
    static async Task AccountAsync(string? input, string program, params string[] arguments)
    {
        for (var attempt = 1; ; attempt++)
        {
            var ran = await Run.WithInputAsync(input, program, arguments);
            if (ran.Status == 0 || (program == "userdel" && ran.Status == 12))
                return;
            if (attempt == 200 || !ran.All.Contains("lock", StringComparison.Ordinal))
                throw new InvalidOperationException($"{program}: status {ran.Status}: {ran.All}");
            await Task.Delay(50);
        }
    }
}
