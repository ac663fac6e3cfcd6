using System.Text;
using Sasl.Mechanisms;

namespace Fuzz;

/// <summary>
/// A mechanism's server against any messages: each step is a challenge or an outcome, never an exception, and only who knows the secret gets in, as the
/// name that was proven. Nonces and time stand still, so that the seeds hold whole exchanges, right to the success. Messages stand between 0xB6; an empty first one
/// says that there was no initial response.
/// </summary>
static class SaslServerTarget
{
    const char Separator = '\u00b6';

    public static Target For(string mechanism) => new("sasl-server-" + mechanism.ToLowerInvariant(), input => Run(mechanism, input), Seeds(mechanism)) { MostPerByte = 2000 };

    static void Run(string mechanism, ReadOnlySpan<byte> input)
    {
        using var session = new SaslServerSession(SaslMechanisms.Find(mechanism)!, new OneUser(), SaslStill.Channel, SaslStill.Settings);
        var isFirst = true;
        foreach (var message in Encoding.Latin1.GetString(input).Split(Separator))
        {
            var given = isFirst && message.Length == 0 ? null : Encoding.Latin1.GetBytes(message);
            isFirst = false;
            if (Step(session.StepAsync(given)) is not { Outcome: { } outcome })
                continue;
            if (outcome is SaslOutcome.Success success)
                Check.That(success is { AuthenticationId: "alice", AuthorizationId: "alice" } or { IsAnonymous: true }, "a login that was not earned");
            else
                Check.IsOneLine(((SaslOutcome.Failure)outcome).Reason, "a reason");
            Check.That(Step(session.StepAsync([])).Outcome == outcome, "an outcome that changes");
            return;
        }
    }

    public static SaslStep Step(ValueTask<SaslStep> step) => step.AsTask().GetAwaiter().GetResult();

    static string[] Seeds(string mechanism)
    {
        var line = SaslMechanisms.Find(mechanism)!;
        var seeds = new List<string> { "", Separator.ToString(), "\0alice\0secret\0" };
        foreach (var initial in new[] { true, false })
        {
            foreach (var own in new[] { SaslStill.Own, SaslStill.Own with { AuthorizationId = "bob" }, SaslStill.Own with { Password = "wrong"u8.ToArray() } })
            {
                var sent = new List<string>();
                using var server = new SaslServerSession(line, new OneUser(), SaslStill.Channel, SaslStill.Settings);
                using var client = new SaslClientSession(line, own, SaslStill.Channel, SaslStill.Settings, serverOffersBinding: true);
                SaslStill.Play(client, server, initial, m => sent.Add(Encoding.Latin1.GetString(m ?? [])), _ => { });
                seeds.Add(string.Join(Separator, sent));
            }
        }
        return [.. seeds.Distinct()];
    }
}
