using Sasl.Credentials.Schemes;
using Sasl.Credentials.Sources;
using Testing;

namespace Sasl.Credentials.Tests.Sources;

/// <summary>Files as Apache's own program writes them.</summary>
public sealed class HtpasswdTests : IDisposable
{
    const string Htpasswd = "/usr/bin/htpasswd";

    readonly TemporaryDirectory _directory = new();
    readonly ListLog _log = new();

    [RequiresTheory(program: Htpasswd)]
    [InlineData("-m", "$apr1$")]
    [InlineData("-B", "$2y$05$")]
    [InlineData("-d", "")]
    [InlineData("-s", "{SHA}")]
    [InlineData("-p", null)]
    public async Task Each_kind_that_htpasswd_writes(string kind, string? beginning)
    {
        var path = _directory["users"];
        await RunAsync("-c", kind, "-b", path, "bob", "geheim");
        await RunAsync(kind, "-b", path, "eve", "anders");
        File.SetUnixFileMode(path, UnixFileMode.UserRead);
        var source = new PasswdFileSource(path, HashWorkers.Inline, _log);
        if (beginning is null || (beginning == "{SHA}" && !PasswordScheme.IsKnown("SHA")))
        {
            // A plain password, or a scheme that there is not.
            Assert.Equal("no such user", (await SasldbSourceTests.AskAsync(source, "bob", "", "geheim")).Reason);
            Assert.Equal(2, _log.Lines.Count(l => l.StartsWith("Warning", StringComparison.Ordinal)));
            return;
        }
        Assert.Contains($"bob:{beginning}", await File.ReadAllTextAsync(path));
        Assert.Equal(Verdict.Ok, await SasldbSourceTests.AskAsync(source, "bob", "", "geheim"));
        Assert.Equal(Verdict.Ok, await SasldbSourceTests.AskAsync(source, "eve", "", "anders"));
        Assert.Equal("Incorrect password", (await SasldbSourceTests.AskAsync(source, "eve", "", "geheim")).Reason);
    }

    static async Task RunAsync(params string[] arguments)
    {
        var done = await Command.RunAsync(Htpasswd, arguments);
        Assert.True(done.ExitCode == 0, done.Error);
    }

    public void Dispose() => _directory.Dispose();
}
