using Sasl.Credentials;
using Sasl.Hosting.Configuration;

namespace Saslauthd;

/// <summary>What saslauthd has to know of a mechanism to run its workers. How it verifies is in saslworker.</summary>
/// <param name="Name">The word of -a.</param>
sealed record Mechanism(string Name)
{
    /// <summary>A server is asked: one process has many queries at once. Else a process does one after the other, and there are several of them.</summary>
    public bool IsConcurrent { get; init; }

    /// <summary>It computes rather than waits: more processes than cores are of no use.</summary>
    public bool IsComputing { get; init; }

    /// <summary>Queries that one process is given at once.</summary>
    public int Slots { get; init; } = 1;

    /// <summary>After so many queries a process is replaced: plug-ins leak.</summary>
    public int QueriesPerProcess { get; init; } = int.MaxValue;

    /// <summary>Its plug-ins start programs of their own.</summary>
    public bool MayExecute { get; init; }

    /// <summary>-O is the path of saslauthd.conf, as in Cyrus; else it is the mechanism's own.</summary>
    public bool IsConfiguredByFile { get; init; }

    /// <summary>The file that decides as whom it runs: the worker has to read it.</summary>
    public Func<string?, Settings, string?> Reads { get; init; } = (_, _) => null;

    /// <summary>It has to be root, because the administrator says so.</summary>
    public Func<Settings, bool> NeedsRoot { get; init; } = _ => false;

    /// <summary>Files whose contents root reads for it, keys mostly.</summary>
    public Func<Settings, IEnumerable<string>> Files { get; init; } = _ => [];

    /// <summary>When remembered successes end.</summary>
    public Func<string?, Settings, SourceState> State { get; init; } = (_, _) => default;

    /// <summary>Why it cannot be used as it is configured, or null.</summary>
    public Func<string?, Settings, string?> Problem { get; init; } = (_, _) => null;
}
