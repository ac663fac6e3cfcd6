using CsCheck;
using Sasl.Credentials.Native;
using Sasl.Credentials.Sources;
using Testing;

namespace Sasl.Credentials.Tests.Sources;

public sealed class KerberosLoginTests
{
    [Theory]
    [InlineData("bob", "", "bob", "")]
    [InlineData("bob", "R.LOCAL", "bob", "R.LOCAL")]
    [InlineData("bob@R.LOCAL", "", "bob", "R.LOCAL")]
    [InlineData("bob@r.local", "R.LOCAL", "bob", "R.LOCAL")]
    [InlineData("bob/admin@R.LOCAL", "R.LOCAL", "bob/admin", "R.LOCAL")]
    [InlineData("bob.b", "", "bob.b", "")]
    public void A_login_is_the_principal_that_it_says(string login, string realm, string user, string expected) =>
        Assert.Equal((user, expected), new KerberosLogin("", false, false).Principal(login, realm));

    [Theory]
    [InlineData("bob@R.LOCAL@R.LOCAL", "R.LOCAL")]
    [InlineData("bob@OTHER.LOCAL", "R.LOCAL")]
    [InlineData("bob@EVIL.LOCAL@R.LOCAL", "")]
    [InlineData("bob\\@EVIL.LOCAL", "R.LOCAL")]
    [InlineData("bob\\/admin", "")]
    [InlineData("bob\\0", "")]
    [InlineData("bob\\", "R.LOCAL")]
    [InlineData("bob\n", "")]
    [InlineData("bob\0admin", "")]
    [InlineData("bob@", "")]
    [InlineData("@R.LOCAL", "")]
    [InlineData("", "R.LOCAL")]
    [InlineData("/admin", "")]
    [InlineData("bob/", "")]
    [InlineData("bob//admin", "")]
    [InlineData("bob/admin/x", "")]
    [InlineData("bob", "R.LOCAL/x")]
    [InlineData("bob", "R.LOCAL@EVIL.LOCAL")]
    [InlineData("bob", "R\\.LOCAL")]
    [InlineData("bob@R/x", "")]
    public void Principal_injection_what_is_no_plain_principal_is_refused(string login, string realm) =>
        Assert.Null(new KerberosLogin("", false, false).Principal(login, realm));

    [Theory]
    [InlineData("bob", "bob/mail")]
    [InlineData("bob/mail", "bob/mail")]
    [InlineData("bob/admin", null)]
    [InlineData("bob/Mail", null)]
    public void A_forced_instance(string login, string? user) => Assert.Equal(user, new KerberosLogin("mail", false, false).Principal(login, "")?.User);

    [Theory]
    [InlineData("bob.mail", "bob/mail")]
    [InlineData("bob.mail.x", "bob/mail.x")]
    [InlineData(".mail", null)]
    [InlineData("bob.mail/x", null)]
    [InlineData("bob@a.b", "bob")]
    public void The_first_dot_as_a_slash(string login, string? user) => Assert.Equal(user, new KerberosLogin("", true, false).Principal(login, "")?.User);

    [Fact]
    public void A_name_has_a_bound()
    {
        Assert.NotNull(new KerberosLogin("", false, false).Principal(new('a', 2000), ""));
        Assert.Null(new KerberosLogin("", false, false).Principal(new('ä', 1100), ""));
    }

    [RequiresFact(program: "/usr/sbin/krb5kdc")]
    public void Principal_injection_libkrb5_reads_what_was_meant_whatever_the_login_is()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory["krb5.conf"], "[libdefaults]\n default_realm = HOME.LOCAL\n");
        using var kerberos = Krb5Context.Open(directory["krb5.conf"]).Context!;
        Gen.Select(Gen.String[Gen.Char[" abz.@/\\\0\n\u00e4:#-"], 0, 8], Gen.String[Gen.Char["AZ.@/\\"], 0, 4]).Sample((login, realm) =>
        {
            if (new KerberosLogin("", false, false).Principal(login, realm) is not var (user, own))
                return;
            own = own.Length > 0 ? own : "HOME.LOCAL";
            using var principal = kerberos.Parse($"{user}@{own}");
            Assert.Equal($"{user}@{own}", principal?.ToString());
        }, threads: 1);
    }
}
