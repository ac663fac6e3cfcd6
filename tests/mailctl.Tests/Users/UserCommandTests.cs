using Sasl.Credentials.Schemes;
using Sasl.Credentials.Sources;
using Testing;

namespace mailctl.Tests.Users;

public sealed class UserCommandTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    string Database => _directory["secrets.db"];

    public void Dispose() => _directory.Dispose();

    Task<Outcome> UserAsync(string input, params string[] arguments) => Run.AsAsync("mailctl", input, ["user", "-f", Database, .. arguments]);

    bool Matches(string user, string realm, ReadOnlySpan<byte> password) =>
        PasswordScheme.Matches(password, new Sasldb(Database).Find(user, realm)!) is true;

    [Fact]
    public async Task Add_change_list_and_delete()
    {
        Assert.Equal(0, (await UserAsync("secret\n", "add", "bob")).Status);
        Assert.Equal(0, (await UserAsync("other word\n", "add", "alice@Example.com")).Status);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Database));
        Assert.True(Matches("bob", "", "secret"u8));
        Assert.True(Matches("alice", "example.com", "other word"u8));
        Assert.Equal(["bob: password", "alice@example.com: password"], (await UserAsync("", "list")).Lines);

        Assert.Equal(0, (await UserAsync("new\n", "passwd", "bob")).Status);
        Assert.True(Matches("bob", "", "new"u8));
        Assert.False(Matches("bob", "", "secret"u8));

        Assert.Equal(0, (await UserAsync("", "delete", "bob")).Status);
        Assert.Equal(["alice@example.com: password"], (await UserAsync("", "list")).Lines);
    }

    [Fact]
    public async Task A_user_that_is_there_is_not_added_again()
    {
        await UserAsync("one\n", "add", "bob");
        Assert.Equal(73, (await UserAsync("two\n", "add", "bob")).Status);
        Assert.True(Matches("bob", "", "one"u8));
    }

    [Fact]
    public async Task A_user_that_is_not_there_is_said_with_a_suggestion()
    {
        await UserAsync("one\n", "add", "robert");
        Assert.Equal((67, "user: no user robret (did you mean \"robert\"?)\n"), await UserAsync("x\n", "passwd", "robret") is var o ? (o.Status, o.Error) : default);
        Assert.Equal(67, (await UserAsync("", "delete", "nobody")).Status);
    }

    [Fact]
    public async Task A_password_is_never_an_argument_and_never_printed()
    {
        var outcome = await UserAsync("", "add", "bob", "hunter2");
        Assert.Equal(64, outcome.Status);
        Assert.DoesNotContain("hunter2", outcome.Error + outcome.Output);
        Assert.False(File.Exists(Database));
    }

    [Theory]
    [InlineData("", "add", "bob", 65)]
    [InlineData("\n", "add", "bob", 65)]
    [InlineData("x\n", "add", "bad name", 65)]
    [InlineData("x\n", "add", "@example.com", 65)]
    [InlineData("x\n", "passwd", "bob", 69)]
    [InlineData("x\n", "ad", "bob", 64)]
    public async Task What_cannot_be_done_changes_nothing(string input, string verb, string name, int status)
    {
        Assert.Equal(status, (await UserAsync(input, verb, name)).Status);
        Assert.False(File.Exists(Database));
    }
}
