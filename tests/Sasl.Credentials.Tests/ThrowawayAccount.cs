namespace Sasl.Credentials.Tests;

/// <summary>A system account of the test's own, gone afterwards.</summary>
sealed class ThrowawayAccount : IAsyncDisposable
{
    public string Name { get; } = $"saslt{Guid.NewGuid():N}"[..14];

    public static async Task<ThrowawayAccount> CreateAsync(string? password = null, string? hash = null)
    {
        var account = new ThrowawayAccount();
        await account.DoAsync("useradd", ["-M", "-N", "-s", "/usr/sbin/nologin", account.Name]);
        if (password is not null)
            await account.DoAsync("chpasswd", [], $"{account.Name}:{password}\n");
        if (hash is not null)
            await account.DoAsync("chpasswd", ["-e"], $"{account.Name}:{hash}\n");
        return account;
    }

    public Task ChageAsync(params string[] arguments) => DoAsync("chage", [.. arguments, Name]);

    public Task UsermodAsync(params string[] arguments) => DoAsync("usermod", [.. arguments, Name]);

    /// <summary>The hash stands in /etc/passwd, as before there were shadow passwords.</summary>
    public async Task MoveHashToPasswdAsync(string hash)
    {
        using var directory = new Testing.TemporaryDirectory();
        var editor = directory["editor"];
        // vipw takes a file for unchanged whose time is of the same second.
        await File.WriteAllTextAsync(editor, $"#!/bin/sh\nsed -i 's|^{Name}:x:|{Name}:{hash}:|' \"$1\" && touch -d '5 seconds' \"$1\"\n");
        File.SetUnixFileMode(editor, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await DoAsync("/bin/sh", ["-c", "EDITOR=\"$0\" exec vipw -q", editor]);
    }

    public async ValueTask DisposeAsync() => await DoAsync("userdel", [Name]);

    /// <summary>Somebody else may be holding the lock on /etc/passwd: then again.</summary>
    async Task DoAsync(string program, string[] arguments, string? input = null)
    {
        for (var attempt = 1; ; attempt++)
        {
            var done = await Command.RunAsync(program, arguments, input);
            if (done.ExitCode == 0)
                return;
            if (attempt == 100 || !done.Error.Contains("lock", StringComparison.Ordinal))
                throw new InvalidOperationException($"{program} for {Name}: {done.Error}");
            await Task.Delay(50);
        }
    }
}
