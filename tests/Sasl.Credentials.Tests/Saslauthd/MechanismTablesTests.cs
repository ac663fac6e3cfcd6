using Saslauthd;

namespace Sasl.Credentials.Tests.Saslauthd;

public sealed class MechanismTablesTests
{
    // A mechanism has a line in each of two tables: how it runs, and how it verifies.
    [Fact]
    public void Daemon_and_worker_know_the_same_mechanisms() =>
        Assert.Equal(MechanismTable.All.Keys.Order(), SaslWorker.MechanismTable.All.Keys.Order());

    [Fact]
    public void Each_has_its_page_in_the_guide()
    {
        var guide = string.Concat(Directory.EnumerateFiles(Path.Combine(Testing.Binaries.Root, "docs/saslauthd"), "*.md").Select(File.ReadAllText));
        Assert.All(MechanismTable.All.Keys, name => Assert.Contains(name, guide));
    }
}
