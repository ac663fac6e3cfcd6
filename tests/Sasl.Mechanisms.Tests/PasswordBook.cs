using System.Text;
using Sasl.Mechanisms;

namespace Sasl.Mechanisms.Tests;

/// <summary>Credentials in memory: alice and admin; admin may act as anybody; names are taken in lower case.</summary>
sealed class PasswordBook : ISaslCredentials
{
    static readonly Dictionary<string, string> _passwords = new() { ["alice"] = "wonderland", ["admin"] = "pässwörd" };

    public List<string> Asked { get; } = [];

    /// <summary>The memory of the last password, to see that it was zeroed.</summary>
    public ReadOnlyMemory<byte> LastPassword { get; private set; }

    public async ValueTask<Verification> VerifyPasswordAsync(string authenticationId, ReadOnlyMemory<byte> password, CancellationToken stop)
    {
        await Task.Yield();
        LastPassword = password;
        Asked.Add(authenticationId);
        var id = authenticationId.ToLowerInvariant();
        return _passwords.TryGetValue(id, out var right) && password.Span.SequenceEqual(Encoding.UTF8.GetBytes(right))
            ? Verification.Accepted(id)
            : Verification.Refused(FailureKind.BadCredentials, "Password mismatch");
    }

    public ValueTask<bool> MayActAsAsync(string authenticationId, string authorizationId, CancellationToken stop) =>
        ValueTask.FromResult(authenticationId == "admin");
}
