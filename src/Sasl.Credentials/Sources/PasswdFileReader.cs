using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Sasl.Hosting.Configuration;
using Sasl.Hosting.Unix;

namespace Sasl.Credentials.Sources;

/// <summary>
/// Password files in memory, one or several (each domain its own), with what the reader makes of each user. A file is read when it is first asked for and
/// again when it has changed; while it has not, an answer costs one look at the file's state and comes at once.
/// </summary>
/// <param name="style">How the lines are read.</param>
/// <param name="make">From a user to what is kept of him, or null and why his line cannot be used. On a worker; may block.</param>
public sealed class PasswdFileReader<T>(PasswdFileStyle style, Func<PasswdFileUser, (T? Value, string? Complaint)> make, HashWorkers workers, ILogger log, TimeProvider time) where T : class
{
    const long LargestFile = 64L << 20;
    const int MostComplaints = 20, MostFiles = 256;
    const uint OthersMask = 7;

    /// <summary>A second change within one tick of the file system's clock leaves the same time: such a young file is read again.</summary>
    static readonly TimeSpan _settled = TimeSpan.FromSeconds(1);

    readonly ConcurrentDictionary<string, Entry> _files = new(StringComparer.Ordinal);
    long _clock;

    /// <summary>A file that everybody can read is refused when there are passwords in it.</summary>
    public bool HoldsPasswords { get; init; } = true;

    /// <summary>The users of a file, or null when there is none.</summary>
    /// <exception cref="IOException">It cannot be read, or too much is waiting.</exception>
    public ValueTask<PasswdFileUsers<T>?> ReadAsync(string path, CancellationToken stop)
    {
        if (_files.TryGetValue(path, out var entry) && entry.Settled is { } settled && Status(path) == settled.Status)
        {
            entry.LastUse = Interlocked.Increment(ref _clock);
            return new(settled.Users);
        }
        return ReadAgainAsync(path, stop);
    }

    async ValueTask<PasswdFileUsers<T>?> ReadAgainAsync(string path, CancellationToken stop) =>
        await (workers.TryRun(() => Read(path), stop) ?? throw new IOException("too many look-ups are waiting"));

    /// <summary>On a worker.</summary>
    PasswdFileUsers<T>? Read(string path)
    {
        if (Status(path) is not { } status)
        {
            _files.TryRemove(path, out _);
            return null;
        }
        var entry = _files.GetOrAdd(path, _ => new());
        entry.LastUse = Interlocked.Increment(ref _clock);
        while (_files.Count > MostFiles)
            _files.TryRemove(_files.MinBy(f => f.Value.LastUse).Key, out _);
        lock (entry)
        {
            // Whoever waited for the lock may find it done; but never by a look that was before his own.
            status = Status(path) ?? status;
            return entry.Settled is { } settled && settled.Status == status ? settled.Users : Read(path, status, entry);
        }
    }

    PasswdFileUsers<T> Read(string path, FileStatus status, Entry entry)
    {
        entry.Settled = null;
        if (!status.IsRegular || status.Size > LargestFile)
            throw new IOException(status.IsRegular ? $"password file {path} is larger than {LargestFile} bytes" : $"password file {path} is no file");
        var bytes = Bytes(path);
        var digest = SHA256.HashData(bytes);
        if (entry.Read is not { } read || !digest.AsSpan().SequenceEqual(read.Digest))
        {
            // Nothing of what was there before counts when this fails.
            entry.Read = null;
            entry.Read = read = (digest, Parse(path, Encoding.UTF8.GetString(bytes)));
        }
        // Hashes that every user of the machine could read are tried offline: nobody logs in with them until the mode is put right.
        if (HoldsPasswords && (status.Permissions & OthersMask) != 0 && read.Users.HasPasswords)
            throw new IOException($"password file {path} is open to everybody (mode {Convert.ToString(status.Permissions, 8)}): chmod 640 {path}");
        if (time.GetUtcNow() - status.Modified >= _settled)
            entry.Settled = new(status, read.Users);
        return read.Users;
    }

    PasswdFileUsers<T> Parse(string path, string text)
    {
        var problems = new List<Problem>();
        var file = PasswdFile.Parse(path, text, problems, style);
        var users = new Dictionary<string, T>(file.Count, StringComparer.Ordinal);
        var complaints = problems.Select(p => p.ToString()).ToList();
        foreach (var user in file.Users)
        {
            var (value, complaint) = make(user);
            if (value is not null)
                users[PasswdFile.Fold(user.Name)] = value;
            else if (complaint is not null)
                complaints.Add($"{path}: user {user.Name}: {complaint}");
        }
        foreach (var complaint in complaints.Take(MostComplaints))
            log.BadUser(complaint);
        if (complaints.Count > MostComplaints)
            log.BadUser($"{path}: {complaints.Count - MostComplaints} more bad lines");
        log.Read(users.Count, path);
        return new(users, [.. file.Users.Select(u => u.Name)]) { HasPasswords = file.Users.Any(u => u.Secret is not null) };
    }

    static byte[] Bytes(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (UnauthorizedAccessException refused)
        {
            throw new IOException(refused.Message);
        }
    }

    static FileStatus? Status(string path)
    {
        try
        {
            return Files.TargetStatus(path);
        }
        catch (UnixException failure)
        {
            throw new IOException(failure.Message);
        }
    }

    sealed class Entry
    {
        volatile Settled? _settled;
        long _lastUse;

        /// <summary>What is true while the file's state stays the same; null: nobody knows.</summary>
        public Settled? Settled { get => _settled; set => _settled = value; }

        /// <summary>Under the lock: what was read last.</summary>
        public (byte[] Digest, PasswdFileUsers<T> Users)? Read { get; set; }

        public long LastUse { get => Volatile.Read(ref _lastUse); set => Volatile.Write(ref _lastUse, value); }
    }

    sealed record Settled(FileStatus Status, PasswdFileUsers<T> Users);
}

/// <summary>What was made of the users of one file.</summary>
public sealed class PasswdFileUsers<T>(Dictionary<string, T> users, IReadOnlyList<string> names) where T : class
{
    /// <summary>As they are spelled in the file.</summary>
    public IReadOnlyList<string> Names => names;

    public bool HasPasswords { get; init; }

    /// <summary>Of exactly this name, its domain in any case.</summary>
    public T? Find(string name) => users.TryGetValue(name, out var user) || (name.Contains('@') && users.TryGetValue(PasswdFile.Fold(name), out user)) ? user : null;

    public IEnumerable<T> Values => users.Values;
}
