namespace AuthServer.Tests.Client;

public sealed class InitialResponseTests
{
    // Absent, empty, "=" and rubbish, for every version that a client may claim.
    [Theory]
    [InlineData(0, "", "CONT|1|")]
    [InlineData(0, "|resp=", "CONT|1|")]
    [InlineData(0, "|resp==", "FAIL|1")]
    [InlineData(0, "|resp=?", "FAIL|1|code=invalid_base64|reason=Invalid base64 data in initial response")]
    [InlineData(1, "", "CONT|1|")]
    [InlineData(1, "|resp=", "CONT|1|")]
    [InlineData(1, "|resp==", "FAIL|1")]
    [InlineData(1, "|resp=?", "FAIL|1|code=invalid_base64|reason=Invalid base64 data in initial response")]
    [InlineData(2, "", "CONT|1|")]
    [InlineData(2, "|resp=", "FAIL|1")]
    [InlineData(2, "|resp==", "FAIL|1")]
    [InlineData(2, "|resp=?", "FAIL|1|code=invalid_base64|reason=Invalid base64 data in initial response")]
    [InlineData(3, "", "CONT|1|")]
    [InlineData(3, "|resp=", "FAIL|1")]
    [InlineData(3, "|resp==", "FAIL|1")]
    [InlineData(3, "|resp=?", "FAIL|1|code=invalid_base64|reason=Invalid base64 data in initial response")]
    [InlineData(4, "", "CONT|1|")]
    [InlineData(4, "|resp=", "FAIL|1")]
    [InlineData(4, "|resp==", "FAIL|1")]
    [InlineData(4, "|resp=?", "FAIL|1|code=invalid_base64|reason=Invalid base64 data in initial response")]
    [InlineData(2, "|resp=AGFsaWNl AA", "FAIL|1|code=invalid_base64|reason=Invalid base64 data in initial response")]
    [InlineData(3, "|resp=A", "FAIL|1|code=invalid_base64|reason=Invalid base64 data in initial response")]
    public async Task The_initial_response_is_read_by_the_clients_version(int minor, string response, string answer)
    {
        using var server = new TestServer();
        await server.PlayAsync($"""
            {TestServer.Handshake}
            C: VERSION|1|{minor}
            C: CPID|42
            C: AUTH|1|PLAIN|service=smtp{response}
            S: {answer}
            C: AUTH|2|PLAIN|service=smtp|resp={TestServer.Right}
            S: OK|2|user=alice
            """);
    }
}
