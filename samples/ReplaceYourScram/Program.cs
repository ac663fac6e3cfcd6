// You have a table of SCRAM secrets (PostgreSQL's, Dovecot's, Cyrus's or RFC 5803's form) and SCRAM code of your own around it. This is what stays of it.
using System.Security.Cryptography;
using System.Text;
using Sasl.Mechanisms;

// 1. Your rows go on being read, whatever form they have.
var rows = new Dictionary<string, string>
{
    ["user"] = "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=",
};

// 2. New ones are written in the form that you keep. The password is prepared the same way for storing as for logins.
Preparation.TryPreparePassword(StringPreparation.SaslPrep, "hunter2"u8, out var prepared);
var secret = ScramSecret.Derive(ScramHash.Sha256, prepared, RandomNumberGenerator.GetBytes(ScramSecret.SaltSize), 4096);
CryptographicOperations.ZeroMemory(prepared);
rows["alice"] = ScramSecretText.Format(secret, ScramForm.Dovecot);

// 3. Your look-up becomes one method; steps, nonces, proofs, channel bindings, unknown users are the library's.
var server = new SaslServer(new Table(rows), SaslSettings.Default with { DecoyKey = SHA256.HashData("keep a random key of 32 bytes in your configuration"u8) });
foreach (var (name, password) in new[] { ("user", "pencil"), ("alice", "hunter2"), ("alice", "wrong"), ("nobody", "pencil") })
    Console.WriteLine($"{name}/{password}: {await LoginAsync(name, password)}");

async Task<string> LoginAsync(string name, string password)
{
    using var client = new SaslClient(new(name, "", Encoding.UTF8.GetBytes(password)), SaslChannel.Unknown).Next(["SCRAM-SHA-256"]).Session!;
    using var session = server.Start("SCRAM-SHA-256", SaslChannel.Unknown).Session!;
    var step = await session.StepAsync((await client.StartAsync()).Message);
    while (step.Message is { } challenge)
        step = await session.StepAsync((await client.StepAsync(challenge)).Message);
    return step.Outcome is SaslOutcome.Success { FinalData: var proof } && await client.FinishAsync(proof) is SaslOutcome.Success ? "in" : "refused";
}

sealed class Table(Dictionary<string, string> rows) : ISaslCredentials
{
    public ValueTask<SecretAnswer> FindSecretAsync(SecretRequest request, CancellationToken stop) =>
        new(rows.TryGetValue(request.AuthenticationId, out var row) && ScramSecretText.Parse(row) is { } secret && secret.Hash.Kind == request.Kind
            ? SecretAnswer.Found(request.AuthenticationId, secret)
            : SecretAnswer.Refused(FailureKind.BadCredentials, "no such user, or no secret of this kind"));

    // PLAIN against the same rows, for clients without SCRAM; under TLS only, says the policy.
    public ValueTask<Verification> VerifyPasswordAsync(string authenticationId, ReadOnlyMemory<byte> password, CancellationToken stop) =>
        new(rows.TryGetValue(authenticationId, out var row) && ScramSecretText.Parse(row)!.Verify(password.Span)
            ? Verification.Accepted(authenticationId) : Verification.Refused(FailureKind.BadCredentials, "wrong name or password"));
}
