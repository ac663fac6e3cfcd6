using System.Text;
using Sasl.Mechanisms;

namespace Sasl.Mechanisms.Tests;

/// <summary>A mechanism's dialogue on one page: "C: " and "S: " lines with \0 escapes, then the outcome.</summary>
static class Play
{
    /// <summary>The first "C:" before any "S:" is the initial response; "C: -" says there is none.</summary>
    public static async Task<SaslOutcome> ServerAsync(string mechanism, string script, ISaslCredentials? credentials = null)
    {
        using var session = new SaslServerSession(SaslMechanisms.Find(mechanism)!, credentials ?? new PasswordBook());
        SaslStep step = default;
        foreach (var line in script.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0))
        {
            var text = (line.Length > 3 ? line[3..] : "").Replace("\\0", "\0");
            if (line.StartsWith('S'))
                Assert.Equal(text, Encoding.UTF8.GetString(step.Message!));
            else
                step = await session.StepAsync(text == "-" ? null : Encoding.UTF8.GetBytes(text));
        }
        return Assert.IsAssignableFrom<SaslOutcome>(step.Outcome);
    }

    /// <summary>Our client against our server, with or without a way to send an initial response.</summary>
    public static async Task<(SaslOutcome Client, SaslOutcome Server)> BothAsync(string mechanism, ClientCredentials own, bool initial)
    {
        using var client = new SaslClientSession(SaslMechanisms.Find(mechanism)!, own);
        using var server = new SaslServerSession(client.Mechanism, new PasswordBook());
        var step = await server.StepAsync((await client.StartAsync(initial)).Message);
        while (!step.IsFinished)
            step = await server.StepAsync((await client.StepAsync(step.Message!)).Message!);
        return (await client.FinishAsync((step.Outcome as SaslOutcome.Success)?.FinalData), step.Outcome!);
    }
}
