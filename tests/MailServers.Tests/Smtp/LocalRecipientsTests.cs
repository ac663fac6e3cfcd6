using MailServers.Smtp;

namespace MailServers.Tests.Smtp;

public class LocalRecipientsTests
{
    [Fact]
    public void Alias_keys() => Assert.Equal(["postmaster", "office staff", "a:b", "list"], AliasKeys.Parse([
        "# comment: no", "Postmaster: root", "\"office staff\": user1,", "  user2: this is a continuation", "", "\"a:b\": c", "list : :include:/x", "nothing"]));
}
