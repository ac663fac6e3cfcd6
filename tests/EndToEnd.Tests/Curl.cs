namespace EndToEnd.Tests;

/// <summary>curl as a mail client. The password comes to it by its configuration on standard input, not on the command line.</summary>
static class Curl
{
    public static async Task<string> ReadAsync(TestHouse house, SystemUser user, string url, params string[] options)
    {
        var ran = await TryAsync(house, user, url, options);
        Assert.True(ran.Status == 0, $"curl {url}: status {ran.Status}\n{ran.All}\n{house.Log}");
        return ran.Output;
    }

    public static Task<Ran> TryAsync(TestHouse house, SystemUser user, string url, params string[] options) =>
        Run.WithInputAsync($"user = \"{user.Name}:{user.Password}\"\n", "curl", ["-sS", "-v", "--ssl-reqd", "--cacert", house["etc/mail.pem"], "-K", "-", .. options, url]);
}
