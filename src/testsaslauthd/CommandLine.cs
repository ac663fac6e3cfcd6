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
        foreach (var option in read.Options)
        {
            options = option.Letter switch
            {
                'u' => options with { User = option.Argument! },
                'p' => options with { Password = option.Argument },
                'r' => options with { Realm = option.Argument! },
                's' => options with { Service = option.Argument! },
                'f' => options with { SocketPath = option.Argument! },
                'a' => options with { RemoteAddress = option.Argument! },
                // 0 is once; less is never, as in the original.
                _ => options with { Repeat = option.Number is 0 ? 1 : option.Number },
            };
        }
        return read.Problem is null && read.Options.Any(o => o.Letter == 'u') ? options : null;
    }
}
