using Sasl.Hosting.Configuration;

namespace MailControl;

/// <summary>What a command may touch: three streams, the terminal's password prompt and the knowledge of this system.</summary>
/// <param name="Program">The name in front of messages.</param>
/// <param name="AskPassword">Asks for a password; null at the end of the input.</param>
sealed record CommandContext(string Program, TextWriter Output, TextWriter Error, TextReader Input, Func<string, string?> AskPassword, Func<SystemInfo> System)
{
    /// <summary>Where main.cf, dovecot.conf and the rest are looked for when nobody says so.</summary>
    public const string DefaultDirectory = "/etc";

    public static CommandContext OfProcess() => new(
        "mailctl", Console.Out, Console.Error, Console.In,
        Console.IsInputRedirected ? _ => Console.In.ReadLine() : Terminal.AskPassword,
        SystemInfo.Current);

    public void Warn(string message) => Error.WriteLine($"{Program}: warning: {message}");

    /// <summary>Says why the command ends here and returns its exit status.</summary>
    public int Fail(string message, int status = 1)
    {
        Error.WriteLine($"{Program}: {message}");
        return status;
    }
}
