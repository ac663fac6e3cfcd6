using System.Globalization;
using Npgsql;

namespace Sasl.Credentials.Sql;

/// <summary>From a connect string in libpq's words to one connection string of Npgsql for each server, in their order.</summary>
static class PgsqlConnect
{
    const int DefaultConnections = 5, MostConnections = 1000, MostServers = 16, ConnectSeconds = 4;

    /// <summary>What a libpq would do with them makes no difference here.</summary>
    static readonly string[] _ignored =
    [
        "connect_timeout", "client_encoding", "fallback_application_name", "gssencmode", "krbsrvname", "target_session_attrs", "load_balance_hosts",
        "keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout",
    ];

    /// <exception cref="FormatException">A word is unknown or wrong; the message repeats no value.</exception>
    public static IReadOnlyList<string> Read(string connect)
    {
        var (hosts, ports) = (new List<string>(), new List<string>());
        var builder = new NpgsqlConnectionStringBuilder
        {
            ApplicationName = "authserver", MaxPoolSize = DefaultConnections, MinPoolSize = 0, NoResetOnClose = true, Enlist = false,
            GssEncryptionMode = GssEncryptionMode.Disable, IncludeErrorDetail = false, CommandTimeout = 0, CancellationTimeout = 500,
            SslMode = SslMode.Prefer, Timeout = ConnectSeconds,
        };
        foreach (var (name, value) in SqlConnectWords.Parse(connect))
        {
            if (name is "host" or "hostaddr")
                hosts.AddRange(value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
            else if (name == "port")
                ports.AddRange(value.Split(',', StringSplitOptions.TrimEntries));
            else if (!_ignored.Contains(name))
                Set(builder, name, value);
        }
        if (hosts.Count == 0)
            hosts.Add("/var/run/postgresql");
        if (hosts.Count > MostServers)
            throw new FormatException($"connect: more than {MostServers} hosts");
        if (ports.Count > 1 && ports.Count != hosts.Count)
            throw new FormatException("connect: as many ports as hosts, or one for all");
        return [.. hosts.Select((host, i) => Server(builder, host, ports.Count == 0 ? "5432" : ports[ports.Count == 1 ? 0 : i]))];
    }

    static string Server(NpgsqlConnectionStringBuilder builder, string host, string port)
    {
        builder.Host = host;
        builder.Port = Number("port", port, 65535);
        return builder.ToString();
    }

    static void Set(NpgsqlConnectionStringBuilder builder, string name, string value)
    {
        switch (name)
        {
            case "dbname":
                builder.Database = value;
                break;
            case "user":
                builder.Username = value;
                break;
            case "password" or "pass":
                builder.Password = value;
                break;
            case "maxconns":
                builder.MaxPoolSize = Number(name, value, MostConnections);
                break;
            case "application_name":
                builder.ApplicationName = value;
                break;
            case "options":
                builder.Options = value;
                break;
            case "sslmode":
                builder.SslMode = value switch
                {
                    "disable" => SslMode.Disable, "allow" => SslMode.Allow, "prefer" => SslMode.Prefer, "require" => SslMode.Require,
                    "verify-ca" => SslMode.VerifyCA, "verify-full" => SslMode.VerifyFull, _ => throw new FormatException("connect: unknown sslmode"),
                };
                break;
            case "sslrootcert":
                builder.RootCertificate = value;
                break;
            case "sslcert":
                builder.SslCertificate = value;
                break;
            case "sslkey":
                builder.SslKey = value;
                break;
            default:
                throw new FormatException($"connect: {name} is not supported");
        }
    }

    static int Number(string name, string value, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 && number <= most ? number
        : throw new FormatException($"connect: {name} is not a number from 1 to {most}");
}
