using System.Text;
using MailServers.Login;

namespace MailServers.Tests.Login;

public sealed class PlainResponseTests
{
    [Fact]
    public void Is_base64_of_an_empty_authzid_the_user_and_the_password() =>
        Assert.Equal("AGFsaWNlAHNlY3JldA==", Encoding.ASCII.GetString(PlainResponse.Encode("alice"u8, "secret"u8)!));

    [Fact]
    public void NUL_is_refused_in_both()
    {
        Assert.Null(PlainResponse.Encode("al\0ice"u8, "secret"u8));
        Assert.Null(PlainResponse.Encode("alice"u8, "\0"u8));
    }
}
