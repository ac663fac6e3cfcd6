using System.Diagnostics;
using System.Text;
using Sasl.Hosting.Unix;

namespace MailServers.Tests.Imap.Interop;

/// <summary>Debian's Dovecot as an IMAP server on standard input and output over one maildir, already logged in.</summary>
sealed class DovecotImap : IDisposable
{
    readonly Process _process;

    public DovecotImap(string directory)
    {
        if (!File.Exists("/usr/lib/dovecot/imap") || !File.Exists("/usr/bin/doveadm"))
            throw new InvalidOperationException("this test needs Dovecot: apt-get install dovecot-imapd");
        var configuration = Path.Combine(directory, "dovecot.conf");
        File.WriteAllText(configuration, $$"""
            base_dir = {{directory}}/run
            log_path = /dev/stderr
            ssl = no
            mail_location = maildir:{{directory}}/Maildir
            first_valid_uid = 1
            first_valid_gid = 0
            namespace inbox {
              inbox = yes
              separator = .
            }

            """);
        string[] command = ["doveadm", "-c", configuration, "-o", "stats_writer_socket_path=", "exec", "imap"];
        // Dovecot refuses mail to root.
        if (Identity.IsRoot)
        {
            Process.Start("chown", ["-R", "65534:65534", directory])!.WaitForExit();
            command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", .. command];
        }
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        (start.Environment["USER"], start.Environment["HOME"]) = ("tester", directory);
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
        Client = new RawImapClient(_process.StandardOutput.BaseStream, _process.StandardInput.BaseStream);
    }

    public RawImapClient Client { get; }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(10_000))
            _process.Kill();
        _process.Dispose();
    }
}

/// <summary>Sends commands and gives back the untagged responses, each with its literals turned into quoted strings.</summary>
sealed class RawImapClient(Stream input, Stream output)
{
    int _tag;

    public async Task<List<string>> GreetingAsync() => [await ReadResponseAsync()];

    public async Task<List<string>> RunAsync(string command)
    {
        var tag = $"t{++_tag}";
        await output.WriteAsync(Encoding.UTF8.GetBytes($"{tag} {command}\r\n"));
        await output.FlushAsync();
        var responses = new List<string>();
        while (true)
        {
            var response = await ReadResponseAsync();
            responses.Add(response.StartsWith(tag, StringComparison.Ordinal) ? response[(tag.Length + 1)..].Split(' ')[0] : response);
            if (response.StartsWith(tag, StringComparison.Ordinal))
                return responses;
        }
    }

    async Task<string> ReadResponseAsync()
    {
        var response = new StringBuilder();
        while (true)
        {
            var line = await ReadLineAsync();
            if (!line.EndsWith('}') || line.LastIndexOf('{') is not (>= 0 and var start) || !int.TryParse(line[(start + 1)..^1], out var size))
                return response.Append(line).ToString();
            var literal = new byte[size];
            await input.ReadExactlyAsync(literal).AsTask().WaitAsync(TimeSpan.FromSeconds(20));
            var text = Encoding.Latin1.GetString(literal).Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\r\n", "<CRLF>");
            response.Append(line, 0, start).Append('"').Append(text).Append('"');
        }
    }

    async Task<string> ReadLineAsync()
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (await input.ReadAsync(one).AsTask().WaitAsync(TimeSpan.FromSeconds(20)) == 1)
        {
            if (one[0] == '\n')
                return Encoding.Latin1.GetString(line.ToArray()).TrimEnd('\r');
            line.Add(one[0]);
        }
        throw new EndOfStreamException();
    }
}
