using Microsoft.Extensions.Logging;
using Sasl.Credentials;
using Sasl.Hosting.Configuration;
using Sasl.Hosting.Net;
using Saslauthd.Requests;
using Saslauthd.Workers;

namespace Saslauthd;

/// <summary>What answers requests now: the workers, the memory of successes, the limits. HUP replaces all of it, if the new configuration is good.</summary>
sealed class Service(DaemonPlan plan, EventLoop loop, ILogger log) : IDisposable
{
    Generation _current = new(plan, loop, log);
    int _reloading;

    /// <summary>A request keeps to the one that it began with.</summary>
    public Generation Current => Volatile.Read(ref _current);

    /// <summary>Null when every mechanism is ready, else why one is not.</summary>
    public Task<string?> StartAsync() => _current.StartAsync();

    /// <summary>Reads the configuration anew. Until the new workers are ready, and when they cannot be, the old ones go on.</summary>
    public void Reload()
    {
        if (Interlocked.Exchange(ref _reloading, 1) == 0)
            _ = ReloadAsync();
    }

    public void Dispose() => Current.Dispose();

    async Task ReloadAsync()
    {
        try
        {
            var problems = new List<Problem>();
            var next = new Generation(DaemonPlan.Read(Current.Plan.Options, problems), loop, log);
            var problem = Daemon.Report(problems, log) ? "see above" : await next.StartAsync();
            if (problem is not null)
            {
                next.Dispose();
                log.NotReloaded(problem);
                Current.Cache?.Forget();
                return;
            }
            var old = Interlocked.Exchange(ref _current, next);
            old.Dispose();
            log.Reloaded();
        }
        catch (Exception bug)
        {
            log.Bug(bug);
        }
        finally
        {
            Volatile.Write(ref _reloading, 0);
        }
    }
}

/// <summary>One reading of the configuration, at work.</summary>
sealed class Generation : IDisposable
{
    public Generation(DaemonPlan plan, EventLoop loop, ILogger log)
    {
        var (options, settings) = (plan.Options, plan.Settings);
        Plan = plan;
        Cache = options.Cache
            ? new SuccessCache(Math.Max(1, (int)(options.CacheKilobytes * 1024L / SuccessCache.BytesPerEntry)), TimeSpan.FromSeconds(options.CacheSeconds), TimeProvider.System)
            : null;
        Pools = [.. plan.Mechanisms.Select(m => new WorkerPool(m, loop, log))];
        var successLevel = settings.Boolean(SaslauthdConf.LogSuccess) ? LogLevel.Information : LogLevel.Debug;
        Reception = new(new(new MechanismChain(Pools), Cache, options.AppendRealm, log, successLevel), plan.Access, new(settings.Integer(SaslauthdConf.RequestLimit), settings.Integer(SaslauthdConf.RequestLimitPerUser)),
            new(settings.Integer(SaslauthdConf.PasswordLimit)), new(log, TimeProvider.System));
    }

    public DaemonPlan Plan { get; }

    public IReadOnlyList<WorkerPool> Pools { get; }

    public SuccessCache? Cache { get; }

    public Reception Reception { get; }

    /// <summary>The first worker of each mechanism, all at once. Null when they are ready, else the reasons.</summary>
    public async Task<string?> StartAsync()
    {
        var starts = await Task.WhenAll(Pools.Select(StartAsync));
        return starts.Any(s => s is not null) ? string.Join("; ", starts.Where(s => s is not null)) : null;
    }

    public void Dispose()
    {
        foreach (var pool in Pools)
            pool.Dispose();
    }

    static async Task<string?> StartAsync(WorkerPool pool)
    {
        try
        {
            await pool.StartAsync();
            return null;
        }
        catch (IOException failure)
        {
            return failure.Message;
        }
    }
}
