using MailServers.Smtp.Restrictions;

namespace MailServers.Tests.Smtp.Restrictions;

public class RelayGuardTests
{
    [Theory]
    [InlineData("", "", false)]
    [InlineData("permit_mynetworks permit_sasl_authenticated defer_unauth_destination", "", true)]
    [InlineData("", "permit_mynetworks reject_unauth_destination", true)]
    [InlineData("permit", "reject", true)]
    [InlineData("permit reject_unauth_destination", "", false)]
    [InlineData("permit_mynetworks", "permit_sasl_authenticated", false)]
    [InlineData("warn_if_reject reject_unauth_destination", "", false)]
    [InlineData("warn_if_reject permit reject_unauth_destination", "", true)]
    [InlineData("reject", "", true)]
    [InlineData("defer", "", true)]
    [InlineData("DEFER_IF_PERMIT", "", true)]
    public void Something_must_guard_the_relay(string relay, string recipient, bool guarded) =>
        Assert.Equal(guarded, RelayGuard.IsGuarded(relay.Split(' ', StringSplitOptions.RemoveEmptyEntries), recipient.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
}
