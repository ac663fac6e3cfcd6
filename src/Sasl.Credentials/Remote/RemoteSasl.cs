using System.Text;
using Sasl.Mechanisms;

namespace Sasl.Credentials.Remote;

/// <summary>The client's side of a login by SASL. Only what hands the password over as it is: the server decides as it would for any client, however it stores it.</summary>
static class RemoteSasl
{
    /// <summary>Passwords longer than this do not travel with the command: its line has a limit that nobody tells.</summary>
    public const int LongestInitialPassword = 512;

    /// <summary>Null when the server has neither.</summary>
    public static string? Choose(IReadOnlyCollection<string> offered) => offered.Contains("PLAIN") ? "PLAIN" : offered.Contains("LOGIN") ? "LOGIN" : null;

    /// <summary>The exchange; disposing it zeroes what it made.</summary>
    public static ClientProfile Start(SaslProfile profile, string mechanism, PasswordQuery query, RemoteConversation server) =>
        new(profile, new(SaslMechanisms.Find(mechanism)!, new(query.User, "", query.Password),
            new() { Service = profile.Service, HostName = server.Server.Host, IsEncrypted = server.IsTls }));

    /// <summary>The command, a blank and the message, or the message alone, with its line end.</summary>
    public static async Task SendAsync(RemoteConversation server, string command, byte[]? message, CancellationToken stop)
    {
        var blank = command.Length > 0 && message is not null ? " " : "";
        byte[] line = [.. Encoding.ASCII.GetBytes(command + blank), .. message ?? [], .. "\r\n"u8];
        try
        {
            await server.SendAsync(line, stop);
        }
        finally
        {
            System.Security.Cryptography.CryptographicOperations.ZeroMemory(line);
        }
    }
}
