using SideBySide.Processes;

namespace SideBySide.Contenders;

/// <summary>Debian's Dovecot with nothing but its auth service. Its penalty is off, as its delay is: they would be all that is measured.</summary>
sealed class DovecotAuth : IDisposable
{
    readonly Scratch _scratch = new();
    readonly Background _master;

    public DovecotAuth(string users, string mechanisms)
    {
        _scratch.Write("users", users);
        _scratch.Write("dovecot.conf", $$"""
            base_dir = {{_scratch["run"]}}
            state_dir = {{_scratch["state"]}}
            log_path = {{_scratch["log"]}}
            instance_name = bench-{{Environment.ProcessId}}
            protocols =
            ssl = no
            default_client_limit = 20000
            auth_mechanisms = {{mechanisms}}
            auth_failure_delay = 0
            passdb {
              driver = passwd-file
              args = {{_scratch["users"]}}
            }
            userdb {
              driver = static
              args = uid={{BenchUsers.Uid}} gid={{BenchUsers.Gid}} home=/nonexistent allow_all_users=yes
            }
            service auth {
              unix_listener auth-client {
                mode = 0600
              }
            }
            service anvil {
              unix_listener anvil-auth-penalty {
                mode = 0
              }
            }
            """);
        _master = Background.Start(_scratch["output"], new Dictionary<string, string>(), Dovecot.Program, "-F", "-c", _scratch["dovecot.conf"]);
        Patience.Until(() => _master.HasEnded || Patience.Accepts(Socket), "Dovecot's auth socket is there");
        if (_master.HasEnded)
            throw new BenchException($"Dovecot ended: {File.ReadAllText(_scratch["output"])}");
    }

    public string Socket => _scratch["run/auth-client"];

    public ProcessTree Processes => new(_master.Pid);

    public void Dispose()
    {
        _master.Dispose();
        _scratch.Dispose();
    }
}
