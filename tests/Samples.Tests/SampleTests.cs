namespace Samples.Tests;

public sealed class SampleTests
{
    [Theory]
    [InlineData("wonderland", 0, "in as alice by SCRAM-SHA-256, and the server has proven itself", "alice is in by SCRAM-SHA-256")]
    [InlineData("looking-glass", 1, "refused by SCRAM-SHA-256", "refused: wrong secret")]
    public async Task The_client_logs_in_to_the_server(string password, int status, string clientSays, string serverSays)
    {
        using var server = new Sample("Server", "0", "once");
        var port = (await server.ReadLineAsync())!.Split(':')[^1];
        using var client = new Sample("Client", "alice", password, port);
        Assert.Equal((status, clientSays), (await TrimmedAsync(client)));
        Assert.Equal((0, serverSays), await TrimmedAsync(server));
    }

    [Fact]
    public async Task Stored_secrets_of_other_programs_go_on_working()
    {
        using var sample = new Sample("ReplaceYourScram");
        Assert.Equal((0, "user/pencil: in\nalice/hunter2: in\nalice/wrong: refused\nnobody/pencil: refused"), await TrimmedAsync(sample));
    }

    [Fact]
    public async Task The_bridge_says_how_it_is_called()
    {
        using var sample = new Sample("MailKitBridge");
        Assert.Equal((64, "usage: MailKitBridge HOST PORT NAME PASSWORD"), await TrimmedAsync(sample));
    }

    static async Task<(int, string)> TrimmedAsync(Sample sample)
    {
        var (status, output) = await sample.EndAsync();
        return (status, output.Trim());
    }
}
