using MailKit.Security;
using SaslMechanism = MailKit.Security.SaslMechanism;
using Sasl.Mechanisms;

/// <summary>
/// This library's client behind MailKit's SaslMechanism: what MailKit lacks (SCRAM-SHA-384, "y" against stripped offers, bounds for iterations, a -PLUS
/// that you hand the binding to) works in its ImapClient, SmtpClient and Pop3Client: <c>client.Authenticate(new SaslBridge(session))</c>.
/// </summary>
/// <param name="session">From <see cref="SaslClient.Next"/>; disposed by whoever made it.</param>
sealed class SaslBridge(SaslClientSession session) : SaslMechanism("", "")
{
    bool _isStarted;

    /// <inheritdoc/>
    public override string MechanismName => session.Mechanism.Name;

    /// <inheritdoc/>
    public override bool SupportsInitialResponse => session.Mechanism.First == FirstMessage.Client;

    /// <inheritdoc/>
    protected override byte[]? Challenge(byte[]? token, int startIndex, int length, CancellationToken cancellationToken) =>
        ChallengeAsync(token, startIndex, length, cancellationToken).GetAwaiter().GetResult();

    /// <inheritdoc/>
    protected override async Task<byte[]?> ChallengeAsync(byte[]? token, int startIndex, int length, CancellationToken cancellationToken)
    {
        if (!_isStarted)
        {
            _isStarted = true;
            var first = await session.StartAsync(canSendInitial: true, cancellationToken).ConfigureAwait(false);
            if (first.Outcome is SaslOutcome.Failure cannot)
                throw new SaslException(MechanismName, SaslErrorCode.MissingChallenge, cannot.Reason);
            if (first.Message is not null)
                return first.Message;
        }
        var challenge = token is null ? [] : token.AsSpan(startIndex, length).ToArray();
        var step = await session.StepAsync(challenge, cancellationToken).ConfigureAwait(false);
        return step.Message ?? throw new SaslException(MechanismName, SaslErrorCode.IncorrectHash, ((SaslOutcome.Failure)step.Outcome!).Reason);
    }

    /// <summary>After MailKit says that it is authenticated: does the mechanism agree?</summary>
    public async Task<bool> IsServerTrustedAsync() => await session.FinishAsync(null).ConfigureAwait(false) is SaslOutcome.Success;
}
