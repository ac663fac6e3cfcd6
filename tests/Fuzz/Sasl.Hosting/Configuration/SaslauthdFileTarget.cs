using Sasl.Hosting.Configuration;

namespace Fuzz;

/// <summary>saslauthd.conf: any text gives settings or problems, and what was accepted can be read and sent to a worker.</summary>
static class SaslauthdFileTarget
{
    public static readonly string[] Seeds = ["# c\nworker_user: saslauth\nrequest_timeout: 5s\nlog_success: on\n", "LOG_FACILITY : mail\nx\n:\nworker_user:\nsocket_users: a, b\nsocket_users: c\n"];

    public static void Run(ReadOnlySpan<byte> input)
    {
        var problems = new List<Problem>();
        var settings = SaslauthdFile.Parse("saslauthd.conf", Bytes.Utf8(input), problems);
        var sent = Settings.Deserialize(SaslauthdConf.Table, settings.Serialize());
        foreach (var (name, value) in settings.Explicit)
            Check.Same(value, sent.Explicit[name], "a setting on its way to a worker");
        Check.That(settings.Time(SaslauthdConf.RequestTimeout) >= TimeSpan.FromSeconds(1), "a timeout below its minimum");
    }
}
