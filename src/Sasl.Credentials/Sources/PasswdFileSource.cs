using System.Text;
using Microsoft.Extensions.Logging;
using Sasl.Credentials.Schemes;
using Sasl.Hosting.Configuration;
using Sasl.Hosting.Unix;

namespace Sasl.Credentials.Sources;

/// <summary>A file of users and hashes, kept in memory and read anew when it changes. See <see cref="PasswdFile"/> for its grammar.</summary>
public sealed class PasswdFileSource(string path, HashWorkers workers, ILogger log, TimeProvider? time = null) : IPasswordSource
{
    const long LargestFile = 64L << 20;
    const int SampleSize = 1000, MostComplaints = 20;
    const uint OthersMask = 7;

    /// <summary>A second change within one tick of the file system's clock leaves the same time: such a young file is read again.</summary>
    static readonly TimeSpan _settled = TimeSpan.FromSeconds(1);

    readonly Lock _gate = new();
    readonly TimeProvider _time = time ?? TimeProvider.System;
    PasswdFile _file = PasswdFile.Empty;
    FileStatus? _seen, _told;

    public string Name => "passwdfile";

    public SourceState State => SourceState.Of(path);

    internal DummyHash Dummy => field ??= new(() => _file.Users.Select(u => u.Secret).OfType<string>().Take(SampleSize), () => new(_told, null, 0));

    public const string NoPath = "no file: -O FILE, or passwdfile: FILE in saslauthd.conf";

    /// <summary>The path of -O, else that of saslauthd.conf, or null.</summary>
    public static string? PathOf(string? option, Settings settings) =>
        (option ?? settings.Text(SaslauthdConf.Passwdfile)) is { Length: > 0 } path ? Path.GetFullPath(path) : null;

    public async ValueTask<Verdict> VerifyAsync(PasswordQuery query, CancellationToken stop) =>
        workers.TryRun(() => Verify(query), stop) is { } work ? await work : Verdict.Overloaded;

    Verdict Verify(PasswordQuery query)
    {
        try
        {
            var found = Current().Find(query.User, query.Realm);
            query.Explanation?.Add(found is { Name: var name } ? $"{path}: found as {name}"
                : $"{path}: none of {string.Join(", ", PasswdFile.Names(query.User, query.Realm))}");
            return Judge(query, found?.User);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return new(VerdictKind.Unavailable, unreadable.Message);
        }
    }

    Verdict Judge(PasswordQuery query, PasswdFileUser? user)
    {
        if (user?.Secret is not { } secret || query.Password.IsEmpty)
        {
            Dummy.Spend(query.Password.Span);
            return new(VerdictKind.Refused, user is null ? "no such user" : "Incorrect password");
        }
        if (PasswordScheme.Matches(query.Password.Span, secret) is not true)
            return new(VerdictKind.Refused, "Incorrect password");
        return user.IsDisabled ? new(VerdictKind.Disabled, "nologin is set")
            : user.IsAllowedFrom(query.RemoteAddress) ? Verdict.Ok : new(VerdictKind.Disabled, "not allowed from this address");
    }

    PasswdFile Current()
    {
        lock (_gate)
        {
            var status = Files.TargetStatus(path) ?? throw new FileNotFoundException($"there is no password file {path}");
            if (status != _seen)
            {
                _file = Read(status);
                _seen = _time.GetUtcNow() - status.Modified < _settled ? null : status;
            }
            return _file;
        }
    }

    PasswdFile Read(FileStatus status)
    {
        // Hashes that every user of the machine could read are tried offline: nobody logs in with them until the mode is put right.
        if ((status.Permissions & OthersMask) != 0)
            throw new IOException($"password file {path} is open to everybody (mode {Convert.ToString(status.Permissions, 8)}): chmod 640 {path}");
        if (!status.IsRegular || status.Size > LargestFile)
            throw new IOException(status.IsRegular ? $"password file {path} is larger than {LargestFile} bytes" : $"password file {path} is no file");
        var problems = new List<Problem>();
        var file = PasswdFile.Parse(path, Encoding.UTF8.GetString(File.ReadAllBytes(path)), problems);
        if (status == _told)
            return file;
        _told = status;
        foreach (var problem in problems.Take(MostComplaints))
            log.BadLine(problem.ToString());
        if (problems.Count > MostComplaints)
            log.BadLine($"{path}: {problems.Count - MostComplaints} more bad lines");
        log.Loaded(file.Count, path);
        return file;
    }
}
