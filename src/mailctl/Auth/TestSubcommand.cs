using System.Security.Cryptography;
using System.Text;
using Sasl.Hosting.Daemon;
using Sasl.Hosting.Unix;
using Sasl.Mechanisms;
using Sasl.Protocols.DovecotAuth;

namespace MailControl.Auth;

/// <summary>
/// mailctl auth test [-m MECHANISM] [-M MASTER] [-x NAME=VALUE]... USER: logs in as a front end would and says how it went. Status 0 when it succeeded, 77
/// when it was refused, 75 when nobody could tell. The password comes from the prompt or one line of the input.
/// </summary>
static class TestSubcommand
{
    public static AuthSubcommand Subcommand { get; } = new("test", "[-m MECHANISM] [-M MASTER] [-x NAME=VALUE]... USER: log in as a front end would", RunAsync);

    static async Task<int> RunAsync(AuthContext context, IReadOnlyList<string> arguments)
    {
        var (mechanism, master) = ("PLAIN", "");
        var parameters = new AuthParameters("mailctl") { NoLogin = true, IsSecured = true };
        var at = 0;
        for (; at + 1 < arguments.Count && arguments[at] is "-m" or "-M" or "-x"; at += 2)
        {
            var value = arguments[at + 1];
            if (arguments[at] == "-m")
                mechanism = value;
            else if (arguments[at] == "-M")
                master = value;
            else if (With(parameters, value) is { } more)
                parameters = more;
            else
                return context.Command.Fail($"-x {value}: not one of service=, rip=, lip=, rport=, lport=, session=, local_name=", ExitCode.Usage);
        }
        if (at != arguments.Count - 1 || arguments[at].StartsWith('-'))
            return context.Misused(Subcommand);
        if (SaslMechanisms.Find(mechanism) is not { Need: ClientNeed.Password } found)
            return context.Command.Fail($"-m {mechanism}: no mechanism with a password (one of: {string.Join(' ', SaslMechanisms.All.Where(m => m.Need == ClientNeed.Password).Select(m => m.Name))})", ExitCode.Usage);
        return await LogInAsync(context, found, arguments[at], master, parameters);
    }

    static async Task<int> LogInAsync(AuthContext context, SaslMechanism mechanism, string user, string master, AuthParameters parameters)
    {
        Identity.ForbidCoreDumps();
        if (context.Command.AskPassword($"Password of {(master.Length > 0 ? master : user)}: ") is not { } typed)
            return context.Command.Fail("no password given", ExitCode.DataError);
        var password = Encoding.UTF8.GetBytes(typed);
        using var session = new SaslClientSession(mechanism, master.Length > 0 ? new(master, user, password) : new(user, "", password));
        await using var client = new AuthClient(context.Client);
        var first = await session.StartAsync();
        if (first.Outcome is SaslOutcome.Failure unfit)
            return context.Command.Fail($"{mechanism.Name}: {unfit.Reason}", ExitCode.DataError);
        var result = await client.AuthenticateAsync(mechanism.Name, parameters with { InitialResponse = Base64(first.Message) },
            async challenge => Base64((await session.StepAsync(Convert.FromBase64String(challenge))).Message), CancellationToken.None);
        CryptographicOperations.ZeroMemory(password);
        return Tell(context, user, result);
    }

    static int Tell(AuthContext context, string user, AuthResult result)
    {
        var output = context.Command.Output;
        if (result.IsTemporary || result.Status == AuthStatus.Aborted)
            return context.Command.Fail($"passdb: {user} auth could not be tried: {result.Reason ?? result.Code ?? "the server does not prove itself"}", ExitCode.TemporaryFailure);
        output.WriteLine($"passdb: {user} auth {(result.IsOk ? "succeeded" : "failed")}{(result.Code is { } code ? $" [{code}]" : "")}");
        if (result.Fields.Count > 0)
            output.WriteLine("extra fields:");
        foreach (var field in result.Fields)
            output.WriteLine($"  {field}");
        return result.IsOk ? ExitCode.Ok : ExitCode.NoPermission;
    }

    static AuthParameters? With(AuthParameters parameters, string text) => text.Split('=', 2) switch
    {
        ["service", { Length: > 0 } value] => parameters with { Service = value },
        ["rip", var value] => parameters with { RemoteAddress = value },
        ["lip", var value] => parameters with { LocalAddress = value },
        ["rport", var value] when ushort.TryParse(value, out var port) => parameters with { RemotePort = port },
        ["lport", var value] when ushort.TryParse(value, out var port) => parameters with { LocalPort = port },
        ["session", var value] => parameters with { Session = value },
        ["local_name", var value] => parameters with { LocalName = value },
        _ => null,
    };

    static byte[]? Base64(byte[]? message) => message is null ? null : Encoding.ASCII.GetBytes(Convert.ToBase64String(message));
}
