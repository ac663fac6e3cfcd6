using Sasl.Hosting.Unix;
using SideBySide.Processes;

namespace SideBySide.Contenders;

/// <summary>Our auth server alone, with the same passwd-file as the peer's.</summary>
sealed class OurAuthServer : IDisposable
{
    readonly Scratch _scratch = new();
    readonly Background _process;

    public OurAuthServer(string binaries, string users, string mechanisms)
    {
        _scratch.Folder("run");
        _scratch.Write("users", users);
        if (Identity.IsRoot)
        {
            Files.ChangeOwner(_scratch["users"], Accounts.Find("saslauth")!.Uid, Accounts.Find("saslauth")!.Gid);
            Files.ChangeMode(_scratch["users"], 0x180);
        }
        _scratch.Write("dovecot.conf", $$"""
            protocols =
            ssl = no
            base_dir = {{_scratch["run"]}}
            auth_state_dir = {{_scratch["state"]}}
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
            """);
        _process = Background.Start(_scratch["log"], new Dictionary<string, string>(), Path.Combine(binaries, "authserver"), "-c", _scratch.Path);
        Patience.Until(() => _process.HasEnded || Patience.Accepts(Socket), "the auth server listens", 1);
        if (_process.HasEnded)
            throw new BenchException($"the auth server ended: {File.ReadAllText(_scratch["log"])}");
    }

    public string Socket => _scratch["run/auth-client"];

    public ProcessTree Processes => new(_process.Pid);

    public void Dispose()
    {
        _process.Dispose();
        _scratch.Dispose();
    }
}
