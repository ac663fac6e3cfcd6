namespace MailStore.Tests;

public class MailLocationTests
{
    [Theory]
    [InlineData("maildir:~/Maildir", MailFormat.Maildir, "/home/al/Maildir", null)]
    [InlineData("maildir:/var/mail/%u/", MailFormat.Maildir, "/var/mail/al@ex.org", null)]
    [InlineData("maildir:/v/%d/%n", MailFormat.Maildir, "/v/ex.org/al", null)]
    [InlineData("maildir:%h/m", MailFormat.Maildir, "/home/al/m", null)]
    [InlineData("maildir:~/Maildir:LAYOUT=maildir++", MailFormat.Maildir, "/home/al/Maildir", null)]
    [InlineData("mbox:~/mail:INBOX=/var/mail/%n", MailFormat.Mbox, "/home/al/mail", "/var/mail/al")]
    [InlineData("Maildir/", MailFormat.Maildir, "/home/al/Maildir", null)]
    [InlineData("mbox", MailFormat.Mbox, "/home/al/mail", "/home/al/mbox")]
    [InlineData("/var/mail/x", MailFormat.Mbox, "/home/al/mail", "/var/mail/x")]
    public void A_location(string text, MailFormat format, string root, string? inbox) =>
        Assert.Equal(new MailLocation(format, root, inbox), MailLocation.Parse(text, "al@ex.org", "/home/al"));

    [Theory]
    [InlineData("", "empty")]
    [InlineData("mdbox:~/x", "mdbox is not supported")]
    [InlineData("pop:~/x", "unknown format 'pop'")]
    [InlineData("maildir:Maildir", "not an absolute path")]
    [InlineData("maildir:~/a/../../b", "'..' is not allowed")]
    [InlineData("maildir:~/a:INDEX=/x", "'INDEX=/x' is not supported")]
    [InlineData("maildir:/a/%w", "'%w' is not a known variable")]
    [InlineData("maildir:", "not an absolute path")]
    public void A_location_that_is_none_says_why(string text, string why) =>
        Assert.Contains(why, Assert.Throws<FormatException>(() => MailLocation.Parse(text, "al", "/home/al")).Message);

    [Theory]
    [InlineData("../../root")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("")]
    public void Attack_a_user_name_does_not_choose_the_directory(string user) =>
        Assert.Throws<FormatException>(() => MailLocation.Parse("maildir:/var/mail/%u", user, "/home/al"));
}
