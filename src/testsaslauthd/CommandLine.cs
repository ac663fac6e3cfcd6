using Sasl.Hosting.Configuration;

namespace TestSaslauthd;

/// <summary>The options of one run.</summary>
/// <param name="Password">Null when -p is missing: it is asked for.</param>
sealed record CommandLine(string User, string? Password, string Realm, string Service, string SocketPath, string RemoteAddress, int Repeat)
{
    const string Letters = "p:u:r:s:f:R:a:";

    /// <summary>Null for a usage error.</summary>
    public static CommandLine? Parse(ReadOnlySpan<string> arguments)
    {
        var read = ShortOptions.Parse(arguments, Letters);
        var options = new CommandLine("", null, "", "imap", "/run/saslauthd/mux", "", 1);
        foreach (var (letter, argument) in read.Options)
        {
            options = letter switch
            {
                'u' => options with { User = argument! },
                'p' => options with { Password = argument },
                'r' => options with { Realm = argument! },
                's' => options with { Service = argument! },
                'f' => options with { SocketPath = argument! },
                'a' => options with { RemoteAddress = argument! },
                // As atoi(3), and 0 is once.
                _ => options with { Repeat = int.TryParse(argument, out var times) && times > 0 ? times : 1 },
            };
        }
        return read.Problem is null && read.Options.Any(o => o.Letter == 'u') ? options : null;
    }
}
