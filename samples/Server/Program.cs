// A SASL server in ten lines. Its protocol is the smallest there is: the client's first line is the mechanism and, if it has one, the initial response
// ("=" for an empty one) in base64; then each side sends base64 lines; at the end the server says "OK user" or "NO".
// Run it, then samples/Client.
using System.Net;
using System.Net.Sockets;
using Sasl.Mechanisms;

var listener = new TcpListener(IPAddress.Loopback, args.Length > 0 ? int.Parse(args[0]) : 4300);
listener.Start();
Console.WriteLine($"listening on {listener.LocalEndpoint}");
// What the users' secrets can serve. PLAIN would be offered too, on an encrypted channel.
var server = new SaslServer(new Users(), SaslSettings.Default with { Policy = SaslPolicy.Default with { Allowed = ["SCRAM-SHA-256", "PLAIN"] } });
do
{
    using var connection = await listener.AcceptTcpClientAsync();
    using var lines = new Lines(connection.GetStream());
    await lines.WriteAsync(string.Join(' ', server.Offer(SaslChannel.Unknown).Select(m => m.Name)));

    // The ten lines.
    var hello = (await lines.ReadAsync()).Split(' ');
    var (session, reason) = server.Start(hello[0], SaslChannel.Unknown);
    var step = session is null ? new(null, SaslOutcome.Malformed(reason)) : await session.StepAsync(hello.Length > 1 ? Lines.Decode(hello[1]) : null);
    while (step.Message is { } challenge)
    {
        await lines.WriteAsync(Lines.Encode(challenge));
        step = await session!.StepAsync(Lines.Decode(await lines.ReadAsync()));
    }
    session?.Dispose();
    var success = step.Outcome as SaslOutcome.Success;
    await lines.WriteAsync(success is null ? "NO" : $"OK {success.AuthorizationId} {(success.FinalData is { } data ? Lines.Encode(data) : "")}".TrimEnd());
    Console.WriteLine(success is null ? $"refused: {((SaslOutcome.Failure)step.Outcome!).Reason}" : $"{success.AuthorizationId} is in by {hello[0]}");
}
while (args is not [_, "once"]); // for tests: one client, then the end

/// <summary>One user, "alice", whose password is stored as SCRAM keys; plaintext logins are checked against the same keys.</summary>
sealed class Users : ISaslCredentials
{
    static readonly ScramSecret _alice = ScramSecret.Derive(ScramHash.Sha256, "wonderland"u8, System.Security.Cryptography.RandomNumberGenerator.GetBytes(ScramSecret.SaltSize), 4096);

    public ValueTask<Verification> VerifyPasswordAsync(string authenticationId, ReadOnlyMemory<byte> password, CancellationToken stop)
    {
        // Hash for everybody: an unknown name must not be quicker.
        var isRight = _alice.Verify(password.Span);
        return new(isRight && authenticationId == "alice" ? Verification.Accepted("alice") : Verification.Refused(FailureKind.BadCredentials, "wrong name or password"));
    }

    public ValueTask<SecretAnswer> FindSecretAsync(SecretRequest request, CancellationToken stop) =>
        new(request is { AuthenticationId: "alice", Kind: SecretKind.ScramSha256 } ? SecretAnswer.Found("alice", _alice)
            : SecretAnswer.Refused(FailureKind.BadCredentials, "no such user, or no such secret"));
}
