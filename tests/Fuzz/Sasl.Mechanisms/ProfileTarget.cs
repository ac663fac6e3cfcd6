using System.Text;
using Sasl.Mechanisms;

namespace Fuzz;

/// <summary>
/// What a client sends in each protocol: the first byte says which, then come the initial response and the responses between 0xB6; "-" is an absent one. What
/// is read, is the same after it was written; an exchange ends in an outcome, and a login needs the password.
/// </summary>
static class ProfileTarget
{
    const byte Separator = 0xb6;

    static readonly SaslProfile[] _profiles = [SaslProfile.Smtp, SaslProfile.ManageSieve, SaslProfile.Ldap, SaslProfile.Xmpp];

    public static readonly string[] Seeds =
    [
        "0AGFsaWNlAHNlY3JldA==", "0-\u00b6AGFsaWNlAHNlY3JldA==", "0-\u00b6*", "0=\u00b6=", "1\"AGFsaWNlAHNlY3JldA==\"", "1-\u00b6{20+}\r\nAGFsaWNlAHNlY3JldA==", "1{1}\r\n*", "2\0alice\0secret", "2-\u00b6-",
        "3AGFsaWNlAHNlY3JldA==", "3\u00b6=",
    ];

    public static void Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
            return;
        var profile = _profiles[input[0] % _profiles.Length];
        var texts = Encoding.Latin1.GetString(input[1..]).Split((char)Separator).Select(t => t == "-" ? null : Encoding.Latin1.GetBytes(t)).ToArray();
        foreach (var text in texts)
        {
            foreach (var place in Enum.GetValues<SaslPlace>())
            {
                if (profile.Decode(place, text) is not { Kind: SaslArgumentKind.Message, Message: { } message })
                    continue;
                Check.That(message.Length <= (text?.Length ?? 0), "a message longer than its text");
                Check.That(profile.Decode(place, profile.Encode(place, message)).Message is { } again && again.AsSpan().SequenceEqual(message), "a message reads otherwise than it was written");
            }
        }
        using var server = new ServerProfile(profile, new(SaslMechanisms.Find("PLAIN")!, new OneUser(), SaslStill.Channel, SaslStill.Settings));
        var step = Step(server.StartAsync(texts[0]));
        for (var i = 1; i < texts.Length && !step.IsFinished; i++)
            step = Step(server.AnswerAsync(texts[i]));
        if (step.Outcome is SaslOutcome.Success)
            Check.That(texts.Any(t => profile.Decode(SaslPlace.Initial, t).Message is { } m && m.AsSpan().EndsWith("alice\0secret"u8)), "a login that was not earned");
        Check.That(!step.IsFinished || Step(server.AnswerAsync([])) == step, "an outcome that changes");
    }

    static ProfileStep Step(ValueTask<ProfileStep> step) => step.AsTask().GetAwaiter().GetResult();
}
