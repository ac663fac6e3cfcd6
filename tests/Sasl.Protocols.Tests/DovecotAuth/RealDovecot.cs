using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Sasl.Hosting.Unix;
using Testing;

namespace Sasl.Protocols.Tests.DovecotAuth;

/// <summary>A real Dovecot auth process with a configuration of its own. Needs dovecot-core and root.</summary>
public sealed class RealDovecot : IAsyncLifetime
{
    readonly TemporaryDirectory _directory = new();
    Process? _process;

    public const string Program = "/usr/sbin/dovecot";

    public string ClientSocket => _directory["run/auth-client"];

    public int InetPort { get; } = FreePort();

    public string UserdbSocket => _directory["run/auth-userdb"];

    public async Task InitializeAsync()
    {
        if (!File.Exists(Program) || !Identity.IsRoot)
            return;
        File.SetUnixFileMode(_directory.Path, (UnixFileMode)0x1ED);
        File.WriteAllText(_directory["users"], "alice:{PLAIN}wonderland:1234:1234::/home/alice::\n");
        File.WriteAllText(_directory["dovecot.conf"], $$"""
            base_dir = {{_directory["run"]}}
            state_dir = {{_directory["state"]}}
            log_path = {{_directory["log"]}}
            instance_name = sasl-test-{{Environment.ProcessId}}
            protocols =
            ssl = no
            auth_mechanisms = plain login scram-sha-256 cram-md5 digest-md5
            disable_plaintext_auth = no
            auth_failure_delay = 0
            passdb {
              driver = passwd-file
              args = {{_directory["users"]}}
            }
            userdb {
              driver = passwd-file
              args = {{_directory["users"]}}
            }
            service auth {
              unix_listener auth-client {
                mode = 0600
              }
              inet_listener tcp {
                address = 127.0.0.1
                port = {{InetPort}}
              }
            }
            service anvil {
              unix_listener anvil-auth-penalty {
                mode = 0
              }
            }
            """);
        File.SetUnixFileMode(_directory["users"], (UnixFileMode)0x1A4);
        _process = Process.Start(new ProcessStartInfo(Program, ["-F", "-c", _directory["dovecot.conf"]]) { RedirectStandardError = true })!;
        await Eventually.TrueAsync(() => File.Exists(ClientSocket) && File.Exists(UserdbSocket), "dovecot binds its sockets");
    }

    public async Task DisposeAsync()
    {
        if (_process is not null)
        {
            Process.Start("/bin/kill", [_process.Id.ToString()]).WaitForExit();
            await _process.WaitForExitAsync();
            _process.Dispose();
        }
        _directory.Dispose();
    }

    static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }
}
