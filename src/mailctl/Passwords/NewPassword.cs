using System.Security.Cryptography;
using System.Text;
using Sasl.Hosting.Unix;

namespace MailControl.Passwords;

/// <summary>A password that the administrator types, twice on a terminal, or gives as one line on the input. Zeroed when it is disposed.</summary>
sealed class NewPassword : IDisposable
{
    const int LongestPassword = 1024;

    readonly byte[] _bytes;

    NewPassword(string text) => _bytes = Encoding.UTF8.GetBytes(text);

    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Null when there is none that can be taken; says so.</summary>
    public static NewPassword? Ask(CommandContext context, string prompt, bool twice = true)
    {
        Identity.ForbidCoreDumps();
        var password = context.AskPassword(prompt);
        if (password is not { Length: > 0 } || password.Length > LongestPassword)
        {
            context.Fail(password is { Length: > 0 } ? $"the password is longer than {LongestPassword} characters" : "no password given; nothing is changed");
            return null;
        }
        if (!twice || !ReferenceEquals(context.Input, Console.In) || Console.IsInputRedirected || context.AskPassword("Again: ") == password)
            return new(password);
        context.Fail("the passwords differ; nothing is changed");
        return null;
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(_bytes);
}
