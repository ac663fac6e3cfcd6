using Npgsql;

namespace Sasl.Credentials.Sql;

/// <summary>One server, its connections, and whether it was there when it was asked last.</summary>
sealed class PgsqlServer : IDisposable
{
    /// <summary>After a failure others are asked first for so long.</summary>
    static readonly TimeSpan _rest = TimeSpan.FromSeconds(3);

    readonly TimeProvider _time;
    long _restsUntil;

    public PgsqlServer(string connectionString, TimeProvider time)
    {
        _time = time;
        var builder = new NpgsqlSlimDataSourceBuilder(connectionString);
        builder.EnableTransportSecurity();
        // All values go and come as text: no catalogue has to be read first.
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false));
        Name = $"{builder.ConnectionStringBuilder.Host}:{builder.ConnectionStringBuilder.Port}";
        Source = builder.Build();
    }

    /// <summary>For the log.</summary>
    public string Name { get; }

    public NpgsqlDataSource Source { get; }

    public bool IsResting => Volatile.Read(ref _restsUntil) is var until and > 0 && _time.GetTimestamp() < until;

    public void Failed() => Volatile.Write(ref _restsUntil, _time.GetTimestamp() + (long)(_rest.TotalSeconds * _time.TimestampFrequency));

    public void Answered()
    {
        if (Volatile.Read(ref _restsUntil) != 0)
            Volatile.Write(ref _restsUntil, 0);
    }

    public void Dispose() => Source.Dispose();
}
