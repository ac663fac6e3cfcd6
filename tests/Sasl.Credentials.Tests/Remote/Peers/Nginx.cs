using System.Text;
using Testing;

namespace Sasl.Credentials.Tests.Remote.Peers;

/// <summary>
/// Debian's nginx as the web service of httpform: it compares the body that it got, byte for byte, with those that it knows. What it proxies to, itself
/// again, sees the request as any application would.
/// </summary>
sealed class Nginx
{
    public const string Program = "/usr/sbin/nginx";

    static readonly Lazy<Task<Nginx>> _started = new(() => Task.Run(StartAsync));

    /// <summary>Bodies that let in.</summary>
    static readonly string[] _good =
    [
        "user=alice&pass=geheim&realm=example.org&service=smtp&from=192.0.2.7",
        "user=a%26pass%3Dx&pass=geheim&realm=example.org&service=smtp&from=192.0.2.7",
        "user=j%C3%BCrgen&pass=p%C3%A4ss%20w%C3%B6rd%0D%0A%2B%25&realm=example.org&service=smtp&from=192.0.2.7",
        """{"user":"alice","password":"geheim","rate":"100%"}""",
        """{"user":"a\",\"admin\":\"","password":"\\\u000D\u000A","rate":"100%"}""",
    ];

    readonly string _log;

    Nginx(string log) => _log = log;

    public required int Port { get; init; }

    public required int TlsPort { get; init; }

    /// <summary>A line for each request: the path, the requests on its connection so far, and the content type.</summary>
    public string[] Requests => [.. File.ReadAllLines(_log).Where(l => l.Length > 0)];

    public static Task<Nginx> GetAsync() => _started.Value;

    static async Task<Nginx> StartAsync()
    {
        var directory = LocalServer.MakeDirectory();
        var (port, tlsPort, inner) = (RunningPostfix.FreePort(), RunningPostfix.FreePort(), RunningPostfix.FreePort());
        await Authority.Ours.WriteServerAsync($"{directory}/server.pem");
        var map = new StringBuilder();
        foreach (var body in _good)
            map.Append($"    \"{body.Replace("\\", "\\\\").Replace("\"", "\\\"")}\" yes;\n");
        await File.WriteAllTextAsync($"{directory}/nginx.conf", $$"""
            daemon off;
            error_log {{directory}}/log;
            pid {{directory}}/pid;
            worker_processes 1;
            events { }
            http {
              map_hash_bucket_size 512;
              map $request_body $known {
                default no;
            {{map}}
              }
              log_format requests '$uri $connection_requests $content_type $http_authorization';
              access_log off;
              client_body_temp_path {{directory}}/b;
              proxy_temp_path {{directory}}/p;
              fastcgi_temp_path {{directory}}/f;
              uwsgi_temp_path {{directory}}/u;
              scgi_temp_path {{directory}}/s;
              server {
                listen 127.0.0.1:{{inner}};
                location / {
                  if ($http_x_known = yes) { return 204; }
                  return 403;
                }
              }
              server {
                listen 127.0.0.1:{{port}};
                listen 127.0.0.1:{{tlsPort}} ssl;
                ssl_certificate {{directory}}/server.pem;
                ssl_certificate_key {{directory}}/server.pem;
                access_log {{directory}}/requests requests;
                client_body_buffer_size 64k;
                location / {
                  proxy_set_header X-Known $known;
                  proxy_pass http://127.0.0.1:{{inner}};
                }
                location /protected {
                  if ($http_authorization != "Bearer t0ken") { return 401; }
                  return 200 "welcome";
                }
                location /elsewhere { return 307 /; }
                location /broken { return 500; }
                location /busy { return 503; }
                location /gone { return 404; }
              }
            }

            """);
        await LocalServer.StartAsync(directory, [Program, "-c", $"{directory}/nginx.conf", "-e", $"{directory}/log"], port, tlsPort);
        return new($"{directory}/requests") { Port = port, TlsPort = tlsPort };
    }
}
