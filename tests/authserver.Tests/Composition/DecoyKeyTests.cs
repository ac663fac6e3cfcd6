using AuthServer.Composition;
using Testing;

namespace AuthServer.Tests.Composition;

public sealed class DecoyKeyTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();
    readonly CapturedLog _log = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void It_is_made_once_and_nobody_else_can_read_it()
    {
        var key = DecoyKey.Load(_directory.Path, _log);
        Assert.Equal(32, key.Length);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_directory["decoy.key"]));
        Assert.Equal(key, DecoyKey.Load(_directory.Path, _log));
        Assert.Equal(["decoy.key"], Directory.GetFiles(_directory.Path).Select(Path.GetFileName));
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public void One_that_was_cut_off_is_made_anew()
    {
        File.WriteAllBytes(_directory["decoy.key"], new byte[7]);
        var key = DecoyKey.Load(_directory.Path, _log);
        Assert.Equal(32, key.Length);
        Assert.Equal(key, DecoyKey.Load(_directory.Path, _log));
    }

    [Fact]
    public void Where_nothing_can_be_kept_it_is_random_and_a_line_says_so()
    {
        Assert.NotEqual(DecoyKey.Load(null, _log), DecoyKey.Load(null, _log));
        Assert.Empty(_log.Lines);
        Assert.Equal(32, DecoyKey.Load(_directory["missing"], _log).Length);
        Assert.Single(_log.Lines);
    }
}
