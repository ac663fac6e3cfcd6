using AuthServer.Logins;
using CsCheck;

namespace AuthServer.Tests.Logins;

public sealed class LoginTemplateTests
{
    static readonly LoginFacts _login = new("Alice@Example.org", "alice@example.org", new("imap", "192.0.2.7", "s1")
    {
        Parameters = ["lip=192.0.2.1", "lport=993", "secured=tls"], Mechanism = "PLAIN",
    });

    [Theory]
    [InlineData("%u", "alice@example.org")]
    [InlineData("%n/%d", "alice/example.org")]
    [InlineData("%Uu%%%s", "ALICE@EXAMPLE.ORG%imap")]
    [InlineData("%1n/%2.2n/%-2.0n", "a/ic/ce")]
    [InlineData("%1Ud", "E")]
    [InlineData("%{rip} %{lip}:%{lport} %m %c", "192.0.2.7 192.0.2.1:993 PLAIN TLS")]
    [InlineData("%{orig_user}", "Alice@Example.org")]
    [InlineData("%{user | domain | upper}", "EXAMPLE.ORG")]
    [InlineData("%{client_id | default('none')}", "none")]
    [InlineData("%{user | substr(0, 3)}", "ali")]
    [InlineData("dc=%Dd", "dc=example,dc=org")]
    [InlineData("%{passdb:x}", "")]
    [InlineData("100%", "100%")]
    public void Variables_of_both_versions(string template, string expanded) => Assert.Equal(expanded, LoginTemplate.Parse(template).Expand(_login));

    [Theory]
    [InlineData("%Lx", "unknown variable %Lx")]
    [InlineData("/home/%{usr}", "unknown variable %{usr} (did you mean %{user}?)")]
    [InlineData("%{user | shout}", "unknown filter shout in %{user | shout}")]
    [InlineData("%{user", "%{user: no }")]
    [InlineData("%1.2.3n", "not an offset and a width: %1.2.3")]
    [InlineData("%L", "unknown variable %L")]
    public void What_is_unknown_is_told(string template, string problem)
    {
        Assert.Null(LoginTemplate.TryParse(template, out var told));
        Assert.Equal(problem, told);
    }

    [Fact]
    public void What_it_depends_on_is_known() =>
        Assert.Equal(["user", "remote_ip"], LoginTemplate.Parse("SELECT %Lu %u %{rip} x%%").Variables);

    [Fact]
    public void Values_are_escaped_and_never_looked_at_for_variables()
    {
        Gen.String.Sample(name =>
        {
            var login = new LoginFacts(name, name, new("imap", null, null));
            Assert.Equal($"a{name}b", LoginTemplate.Parse("a%ub").Expand(login));
            Assert.Equal($"a<{name}>b", LoginTemplate.Parse("a%ub").Expand(login, v => $"<{v}>"));
        });
    }

    [Fact]
    public void Any_text_is_a_template_or_a_problem() => Gen.String.Sample(text =>
    {
        var template = LoginTemplate.TryParse(text, out var problem);
        Assert.Equal(template is null, problem.Length > 0);
        template?.Expand(_login);
    });
}
