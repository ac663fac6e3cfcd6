using MailServers.Smtp;
using MailServers.Smtp.Addresses;
using Sasl.Protocols.DovecotAuth;
using Testing;

namespace MailServers.Tests.Smtp;

public class LocalRecipientsTests
{
    [Fact]
    public void Alias_keys() => Assert.Equal(["postmaster", "office staff", "a:b", "list"], AliasKeys.Parse([
        "# comment: no", "Postmaster: root", "\"office staff\": user1,", "  user2: this is a continuation", "", "\"a:b\": c", "list : :include:/x", "nothing"]));

    [Fact]
    public void Alias_files_are_read_again_when_they_change()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory["aliases"], "first: a\n");
        File.SetLastWriteTimeUtc(directory["aliases"], DateTime.UtcNow.AddMinutes(-1));
        var log = new CapturedLog();
        var keys = new AliasKeys([directory["aliases"], directory["missing"]], log);
        Assert.True(keys.Contains("first"));
        File.WriteAllText(directory["aliases"], "second: a\n");
        Assert.True(keys.Contains("second"));
        Assert.False(keys.Contains("first"));
        Assert.Contains(log.Lines, l => l.StartsWith($"warning: {directory["missing"]}: "));
    }

    [Theory]
    [InlineData("user1@example.com", null)]
    [InlineData("USER1@example.com", null)]
    [InlineData("user1+lists@example.com", null)]
    [InlineData("office@example.com", null)]
    [InlineData("Postmaster@example.com", null)]
    [InlineData("mailer-daemon@example.com", null)]
    [InlineData("nobody@far.test", null)]
    [InlineData("nobody", "550 5.1.1 <nobody>: Recipient address rejected: User unknown in local recipient table")]
    [InlineData("nobody@example.com", "550 5.1.1 <nobody@example.com>: Recipient address rejected: User unknown in local recipient table")]
    [InlineData("broken@example.com", "451 4.3.0 <broken@example.com>: Temporary lookup failure")]
    public async Task Who_exists(string recipient, string? refusal)
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory["aliases"], "office: user1\n");
        using var userdb = new UserdbStub(directory["userdb"], "user1");
        await using var users = new AuthUserdbClient(AuthAddress.TryParse(directory["userdb"])!);
        var log = new CapturedLog();
        var recipients = new LocalRecipients(new([directory["aliases"]], log), users, new SmtpSettings { RecipientDelimiter = "+" }, log);
        Assert.True(PathParser.TryParseMailbox(recipient, out var typed));
        var resolver = new AddressResolver(new(["example.com"], [], []), "example.com");
        Assert.Equal(refusal, await recipients.CheckAsync(resolver.Resolve(typed), typed, CancellationToken.None));
    }

    [Fact]
    public async Task A_user_database_that_is_down_is_temporary()
    {
        using var directory = new TemporaryDirectory();
        await using var users = new AuthUserdbClient(AuthAddress.TryParse(directory["userdb"])!);
        var log = new CapturedLog();
        var recipients = new LocalRecipients(new([], log), users, new SmtpSettings(), log);
        Assert.StartsWith("451 4.3.0 ", await recipients.CheckAsync(new(new("a", "example.com"), DomainClass.Local, false), new("a", "example.com"), CancellationToken.None));
        Assert.Contains(log.Lines, l => l.StartsWith("warning: user look-up for <a@example.com> failed: "));
    }
}
