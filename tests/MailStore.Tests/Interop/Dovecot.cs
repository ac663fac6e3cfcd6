using System.Diagnostics;
using System.Globalization;

namespace MailStore.Tests.Interop;

/// <summary>Debian's Dovecot over one maildir: doveadm under a configuration of its own, no daemon. The user is not root, whom Dovecot refuses mail.</summary>
sealed class Dovecot
{
    const string Doveadm = "/usr/bin/doveadm";

    readonly string _directory, _configuration;

    public Dovecot(string directory, string? location = null)
    {
        if (!File.Exists(Doveadm))
            throw new InvalidOperationException("this test needs Dovecot: apt-get install dovecot-core dovecot-imapd");
        _directory = directory;
        _configuration = Path.Combine(directory, "dovecot.conf");
        var (uid, gid) = Sasl.Hosting.Unix.Identity.IsRoot
            ? (65534u, 65534u) : (Sasl.Hosting.Unix.Identity.EffectiveUid, Sasl.Hosting.Unix.Identity.EffectiveGid);
        File.WriteAllText(_configuration, string.Create(CultureInfo.InvariantCulture, $$"""
            base_dir = {{directory}}/run
            log_path = /dev/stderr
            ssl = no
            mail_location = {{location ?? $"maildir:{directory}/Maildir"}}
            mail_uid = {{uid}}
            mail_gid = {{gid}}
            first_valid_uid = 1
            first_valid_gid = 0
            namespace inbox {
              inbox = yes
              separator = .
            }

            """));
    }

    /// <summary>Files that this process wrote become those of the mail user, and the other way round nothing is needed (root) or it is the same user.</summary>
    public void TakeOver()
    {
        if (!Sasl.Hosting.Unix.Identity.IsRoot)
            return;
        var (status, _, errors) = Start("chown", "-R", "65534:65534", _directory);
        // A lock or a file of tmp/ may come and go while chown walks, when a test writes at the same time; it goes on with the others.
        Assert.True(status == 0 || errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).All(e => e.EndsWith(": No such file or directory", StringComparison.Ordinal)), errors);
    }

    public string Admin(params string[] arguments)
    {
        TakeOver();
        return Run(Doveadm, ["-c", _configuration, "-o", "stats_writer_socket_path=", .. arguments]);
    }

    /// <summary>One field of every message of a folder, by UID.</summary>
    public Dictionary<uint, string> Fetch(string field, string folder)
    {
        var found = new Dictionary<uint, string>();
        var lines = Admin("-f", "tab", "fetch", $"uid {field}", "mailbox", folder).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (var line in lines.AsSpan(1))
        {
            var tab = line.IndexOf('\t');
            found[uint.Parse(line.AsSpan(0, tab), CultureInfo.InvariantCulture)] = line[(tab + 1)..];
        }
        return found;
    }

    string Run(string program, params string[] arguments)
    {
        var (status, output, errors) = Start(program, arguments);
        Assert.True(status == 0, $"{program} {string.Join(' ', arguments)}: {errors}");
        return output;
    }

    (int Status, string Output, string Errors) Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["USER"] = "tester";
        start.Environment["HOME"] = _directory;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }
}
