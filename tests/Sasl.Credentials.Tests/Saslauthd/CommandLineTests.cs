using Saslauthd;

namespace Sasl.Credentials.Tests.Saslauthd;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("", 64, "no authentication mechanism specified")]
    [InlineData("-h", 0, null)]
    [InlineData("-a", 64, "saslauthd: option requires an argument -- 'a'")]
    [InlineData("-T", 64, "saslauthd: invalid option -- 'T'")]
    [InlineData("-a sia", 1, "unknown authentication mechanism: sia")]
    [InlineData("-a shadow -a dce", 1, "unknown authentication mechanism: dce")]
    [InlineData("-a shadow -m run", 1, "-m requires an absolute pathname")]
    [InlineData("-a shadow -n -1", 1, "invalid number of worker processes defined")]
    [InlineData("-a shadow -s 0", 1, "cache size must be positive and non zero")]
    [InlineData("-a shadow -t x", 1, "cache timeout must be positive")]
    public void Mistakes_end_with_Cyrus_words_and_never_with_success(string line, int exitCode, string? text)
    {
        var (options, refusal) = Parse(line);
        Assert.Null(options);
        Assert.Equal((exitCode, text), (refusal!.ExitCode, refusal.Text));
        Assert.Equal(exitCode is 0 or 64, refusal.Usage);
    }

    [Fact]
    public void Defaults_are_cyrus_defaults()
    {
        var options = Parse("-a SHADOW").Options!;
        Assert.Equal(("/run/saslauthd", 5, false, false, false, false, 962, 28800), (options.Directory, options.Workers, options.Cache,
            options.Foreground, options.Verbose, options.AppendRealm, options.CacheKilobytes, options.CacheSeconds));
        Assert.Equal(["shadow"], options.Mechanisms);
    }

    [Fact]
    public void The_line_of_debian_is_understood()
    {
        var options = Parse("-a shadow,sasldb -O /etc/secrets.db -c -m /var/run/saslauthd -n 0 -l -r -V -s 10 -t 60").Options!;
        Assert.Equal(["shadow", "sasldb"], options.Mechanisms);
        Assert.Equal(("/var/run/saslauthd", 0, true, true, true, 10, 60, "/etc/secrets.db"), (options.Directory, options.Workers, options.Cache,
            options.AppendRealm, options.Verbose, options.CacheKilobytes, options.CacheSeconds, options.OptionOf("sasldb")));
    }

    static (CommandLine? Options, StartRefusal? Refusal) Parse(string line) =>
        CommandLine.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
