using System.Text;
using Sasl.Mechanisms;

namespace Fuzz;

/// <summary>PLAIN and LOGIN against any messages: each step is a challenge or an outcome, and only the right password is a success, for the name that was proven.</summary>
static class SaslServerTarget
{
    public static readonly string[] Seeds = ["P\0alice\0secret", "Palice\0alice\0secret", "P\0alice\0secret\0", "Lalice\u00b6secret", "L\u00b6alice\u00b6secret", "P\u00b6\0alice\0secret", "P", "L\0\u00b6", "Pbob\0alice\0secret"];

    public static void Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
            return;
        using var session = new SaslServerSession(SaslMechanisms.Find(input[0] == 'L' ? "LOGIN" : "PLAIN")!, new OneUser());
        var messages = input[1..].ToArray();
        byte[]? message = null;
        // Messages stand between 0xB6; an empty first one says that there was no initial response.
        foreach (var range in Split(messages))
        {
            var given = message is null && range.End.Value == range.Start.Value ? null : messages[range];
            message = given ?? [];
            if (session.StepAsync(given).AsTask().GetAwaiter().GetResult() is not { Outcome: { } outcome })
                continue;
            if (outcome is SaslOutcome.Success success)
                Check.That(success is { AuthenticationId: "alice", AuthorizationId: "alice" } && Encoding.Latin1.GetString(messages).Contains("secret"), "a login that was not earned");
            return;
        }
    }

    static List<Range> Split(byte[] messages)
    {
        var ranges = new List<Range>();
        var at = 0;
        for (var i = 0; i <= messages.Length; i++)
        {
            if (i < messages.Length && messages[i] != 0xb6)
                continue;
            ranges.Add(at..i);
            at = i + 1;
        }
        return ranges;
    }

    sealed class OneUser : ICredentials
    {
        public ValueTask<Verification> VerifyPasswordAsync(string authenticationId, ReadOnlyMemory<byte> password, CancellationToken stop) =>
            new(authenticationId == "alice" && password.Span.SequenceEqual("secret"u8) ? Verification.Accepted("alice") : Verification.Refused(FailureKind.BadCredentials, "no"));
    }
}
