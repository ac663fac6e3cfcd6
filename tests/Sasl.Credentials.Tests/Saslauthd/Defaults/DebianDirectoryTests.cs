using Sasl.Hosting.Unix;
using Saslauthd.Defaults;
using Testing;

namespace Sasl.Credentials.Tests.Saslauthd.Defaults;

public sealed class DebianDirectoryTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    [Fact]
    public void The_line_of_dpkg_statoverride_for_that_very_path_counts()
    {
        string[] overrides = ["root postdrop 2555 /usr/sbin/postqueue", "root sasl 750 /var/spool/postfix/var/run/saslauthd", "root root 9z /bad", "short"];
        Assert.Equal(new("root", "sasl", 0x1E8), DebianDirectory.Find(overrides, "/var/spool/postfix/var/run/saslauthd/"));
        Assert.Null(DebianDirectory.Find(overrides, "/var/spool/postfix/var/run"));
        Assert.Null(DebianDirectory.Find(overrides, "/bad"));
    }

    [RequiresFact(root: true)]
    public void Else_it_is_root_sasl_0710_also_where_it_was_something_else()
    {
        foreach (var path in new[] { _directory["a/b/new"], _directory.Path })
        {
            DebianDirectory.Make(path, []);
            var status = Files.Status(path)!.Value;
            Assert.Equal((0u, Accounts.FindGroup("sasl"), 0x1C8u), (status.Uid, status.Gid, status.Permissions));
        }
    }

    public void Dispose() => _directory.Dispose();
}
