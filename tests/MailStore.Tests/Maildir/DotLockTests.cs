using MailStore.Maildir;
using Microsoft.Win32.SafeHandles;
using Sasl.Hosting.Unix;
using Testing;

namespace MailStore.Tests.Maildir;

public sealed class DotLockTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();
    readonly SafeFileHandle _handle;

    public DotLockTests() => _handle = Files.OpenDirectory(_directory.Path);

    DotLock? TryTake() => DotLock.TryTake(_handle, "list", TimeProvider.System);

    [Fact]
    public void It_names_its_holder_and_goes_with_it()
    {
        using (var held = TryTake())
        {
            Assert.NotNull(held);
            Assert.Equal($"{Environment.ProcessId}:{Environment.MachineName}", File.ReadAllText(_directory["list.lock"]));
            Assert.Null(TryTake());
        }
        Assert.Empty(Directory.GetFiles(_directory.Path));
    }

    [Fact]
    public void One_of_a_process_that_is_dead_or_of_long_ago_is_overridden()
    {
        File.WriteAllText(_directory["list.lock"], $"{int.MaxValue}:{Environment.MachineName}");
        using (var held = TryTake())
            Assert.NotNull(held);
        File.WriteAllText(_directory["list.lock"], "1:elsewhere");
        Assert.Null(TryTake());
        File.SetLastWriteTimeUtc(_directory["list.lock"], DateTime.UtcNow.AddMinutes(-3));
        using (var held = TryTake())
            Assert.NotNull(held);
    }

    [Fact]
    public void Many_at_once_hold_it_one_by_one()
    {
        var (inside, most) = (0, 0);
        Parallel.For(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            using var held = DotLock.Take(_handle, "list", TimeProvider.System);
            most = Math.Max(most, Interlocked.Increment(ref inside));
            Interlocked.Decrement(ref inside);
        });
        Assert.Equal(1, most);
    }

    public void Dispose()
    {
        _handle.Dispose();
        _directory.Dispose();
    }
}
