namespace Sasl.Mechanisms.Tests.Otp;

/// <summary>A store of one user's state, "alice", with a compare-and-swap that really compares; admin may act as nobody, alice as "bob".</summary>
sealed class OtpBook(OtpSecret secret) : ISaslCredentials
{
    readonly Lock _lock = new();

    /// <summary>What stands in the store now.</summary>
    public OtpSecret State { get; set; } = secret;

    /// <summary>Swaps that were asked for, and whether they were made.</summary>
    public List<(string Name, OtpSecret Replacement, bool IsMade)> Swaps { get; } = [];

    /// <summary>Not null: alice is refused like this, with her state.</summary>
    public Verification? Refusal { get; init; }

    public ValueTask<Verification> VerifyPasswordAsync(string authenticationId, ReadOnlyMemory<byte> password, CancellationToken stop) =>
        throw new InvalidOperationException("no password is to be verified here");

    public ValueTask<SecretAnswer> FindSecretAsync(SecretRequest request, CancellationToken stop)
    {
        Assert.Equal(SecretKind.Otp, request.Kind);
        return new(request.AuthenticationId switch
        {
            "alice" => new SecretAnswer(Refusal ?? Verification.Accepted("alice"), State),
            "cleartext" => SecretAnswer.Found("cleartext", new CleartextSecret("This is a test."u8.ToArray())),
            "down" => SecretAnswer.Refused(FailureKind.Temporary, "the store is down"),
            _ => SecretAnswer.Refused(FailureKind.BadCredentials, "nobody of that name"),
        });
    }

    public ValueTask<bool> ReplaceSecretAsync(SecretRequest request, StoredSecret expected, StoredSecret replacement, CancellationToken stop)
    {
        lock (_lock)
        {
            var isMade = request.AuthenticationId == "alice" && State.Equals((OtpSecret)expected);
            if (isMade)
                State = (OtpSecret)replacement;
            Swaps.Add((request.AuthenticationId, (OtpSecret)replacement, isMade));
            return new(isMade);
        }
    }

    public ValueTask<bool> MayActAsAsync(string authenticationId, string authorizationId, CancellationToken stop) => new(authorizationId == "bob");
}
