using SideBySide.Processes;

namespace SideBySide.Contenders;

/// <summary>
/// Debian's Postfix with an instance of its own and its quickest local delivery: virtual(8), one process writing Maildirs of one uid.
/// It may take mail as fast as it can (in_flow_delay = 0).
/// </summary>
sealed class Postfix : IDisposable
{
    public const string Program = "/usr/sbin/postfix";

    readonly Scratch _scratch = new();
    bool _running;

    /// <param name="authSocket">Of the Dovecot that knows its users; null: nobody logs in.</param>
    public Postfix(string? authSocket)
    {
        _scratch.Folder("conf");
        _scratch.Folder("spool");
        _scratch.Folder("data");
        Background.Run("chown", "postfix", _scratch["data"]);
        _scratch.Folder("mail", BenchUsers.Uid, BenchUsers.Gid);
        _scratch.Write("mailboxes", string.Join('\n', BenchUsers.Recipients.Select(u => $"{u}@{BenchUsers.Domain} {u}/Maildir/")));
        foreach (var user in BenchUsers.Recipients)
            _scratch.Folder($"mail/{user}", BenchUsers.Uid, BenchUsers.Gid);
        _scratch.Write("conf/main.cf", $"""
            compatibility_level = 3.6
            myhostname = mail.{BenchUsers.Domain}
            mydestination =
            queue_directory = {_scratch["spool"]}
            data_directory = {_scratch["data"]}
            inet_interfaces = 127.0.0.1
            inet_protocols = ipv4
            mynetworks = 127.0.0.0/8
            maillog_file = {_scratch["log"]}
            maillog_file_prefixes = {_scratch.Path}
            alias_maps =
            virtual_mailbox_domains = {BenchUsers.Domain}
            virtual_mailbox_base = {_scratch["mail"]}
            virtual_mailbox_maps = texthash:{_scratch["mailboxes"]}
            virtual_uid_maps = static:{BenchUsers.Uid}
            virtual_gid_maps = static:{BenchUsers.Gid}
            smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
            in_flow_delay = 0
            """);
        _scratch.Write("conf/master.cf", $"""
            127.0.0.1:{Smtp} inet n - n - - smtpd
            127.0.0.1:{SmtpLogins} inet n - n - - smtpd -o smtpd_sasl_auth_enable=yes -o smtpd_sasl_type=dovecot -o smtpd_sasl_path={authSocket ?? "none"}
            cleanup unix n - n - 0 cleanup
            qmgr unix n - n 300 1 qmgr
            rewrite unix - - n - - trivial-rewrite
            bounce unix - - n - 0 bounce
            defer unix - - n - 0 bounce
            trace unix - - n - 0 bounce
            proxymap unix - - n - - proxymap
            anvil unix - - n - 1 anvil
            virtual unix - n n - - virtual
            postlog unix-dgram n - n - 1 postlogd
            """);
    }

    public int Smtp { get; } = Patience.FreePort();

    public int SmtpLogins { get; } = Patience.FreePort();

    public string Maildir(string user) => _scratch[$"mail/{user}/Maildir"];

    public ProcessTree Processes => new(int.Parse(File.ReadAllText(_scratch["spool/pid/master.pid"])));

    public void Start()
    {
        Background.Run(Program, "-c", _scratch["conf"], "start");
        _running = true;
    }

    public void Stop()
    {
        if (_running)
            Background.Run(Program, "-c", _scratch["conf"], "stop");
        _running = false;
    }

    public void Dispose()
    {
        Stop();
        _scratch.Dispose();
    }
}
