using Sasl.Hosting.Daemon;
using Sasl.Protocols.DovecotAuth;

namespace MailControl.Auth;

/// <summary>mailctl auth mechanisms: what the running auth server offers, in its order, with the properties that policies ask for.</summary>
static class MechanismsSubcommand
{
    public static AuthSubcommand Subcommand { get; } = new("mechanisms", ": what the auth server offers, with each one's properties", RunAsync);

    static async Task<int> RunAsync(AuthContext context, IReadOnlyList<string> arguments)
    {
        if (arguments.Count > 0)
            return context.Misused(Subcommand);
        await using var client = new AuthClient(context.Client);
        if (await client.HandshakeAsync() is not { } handshake)
            return context.Command.Fail(client.Problem, ExitCode.TemporaryFailure);
        foreach (var mechanism in handshake.Mechanisms)
            context.Command.Output.WriteLine(string.Join(' ', mechanism.ToFields().Skip(1)));
        return ExitCode.Ok;
    }
}
