using System.Text;
using Sasl.Mechanisms;

namespace Fuzz;

/// <summary>
/// A mechanism's client against any server: each step is a message or a failure, and a server that cannot prove itself is never believed. The first
/// byte says whether an initial response may be sent and whether the last message comes with the server's yes; messages stand between 0xB6.
/// </summary>
static class SaslClientTarget
{
    const char Separator = '\u00b6';

    public static Target For(string mechanism) => new("sasl-client-" + mechanism.ToLowerInvariant(), input => Run(mechanism, input), Seeds(mechanism)) { MostPerByte = 3000 };

    static void Run(string mechanism, ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
            return;
        var line = SaslMechanisms.Find(mechanism)!;
        using var client = new SaslClientSession(line, SaslStill.Own, SaslStill.Channel, SaslStill.Settings, serverOffersBinding: true);
        SaslServerTarget.Step(client.StartAsync((input[0] & 1) != 0));
        var messages = Encoding.Latin1.GetString(input[1..]).Split(Separator);
        var isDataWithSuccess = (input[0] & 2) != 0;
        foreach (var message in isDataWithSuccess ? messages[..^1] : messages)
        {
            if (SaslServerTarget.Step(client.StepAsync(Encoding.Latin1.GetBytes(message))).Outcome is SaslOutcome.Failure)
                break;
        }
        var end = client.FinishAsync(isDataWithSuccess ? Encoding.Latin1.GetBytes(messages[^1]) : null).AsTask().GetAwaiter().GetResult();
        if (end is SaslOutcome.Failure failure)
            Check.IsOneLine(failure.Reason, "a reason");
        else if (line.Flags.HasFlag(MechanismFlags.MutualAuth))
            Check.That(Seeds(mechanism).Any(s => s.Split(Separator)[^1] == messages[^1] || messages.Contains(s.Split(Separator)[^1])), "a server that was believed without a proof");
    }

    static string[] Seeds(string mechanism) => _seeds.GetOrAdd(mechanism, Record);

    static readonly System.Collections.Concurrent.ConcurrentDictionary<string, string[]> _seeds = new();

    static string[] Record(string mechanism)
    {
        var line = SaslMechanisms.Find(mechanism)!;
        var seeds = new List<string>();
        foreach (var initial in new[] { true, false })
        {
            var sent = new List<string>();
            using var server = new SaslServerSession(line, new OneUser(), SaslStill.Channel, SaslStill.Settings);
            using var client = new SaslClientSession(line, SaslStill.Own, SaslStill.Channel, SaslStill.Settings, serverOffersBinding: true);
            SaslStill.Play(client, server, initial, _ => { }, m => sent.Add(Encoding.Latin1.GetString(m)));
            foreach (var ends in new[] { 0, 2 })
                seeds.Add((char)('0' + ends + (initial ? 1 : 0)) + string.Join(Separator, sent));
        }
        seeds.Add("1{\"status\":\"invalid_token\"}");
        return [.. seeds.Distinct()];
    }
}
