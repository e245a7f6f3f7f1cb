using System.Collections.Immutable;
using System.Net;

namespace Tidegate.Bench.Gateway;

/// <summary>nginx as what we are compared with: a fast upstream, and a proxy with two workers and kept connections.</summary>
internal sealed class Nginx : IAsyncDisposable
{
    private readonly DirectoryInfo folder;

    private Nginx(DirectoryInfo folder, BenchProcess process) => (this.folder, Process) = (folder, process);

    public BenchProcess Process { get; }

    /// <summary>Answers everything with 2 KB.</summary>
    public static Task<Nginx> StartUpstreamAsync(int port, CancellationToken cancellationToken) =>
        StartAsync(
            port,
            $$"""
            server {
                listen 127.0.0.1:{{port}} reuseport;
                location / { return 200 "{{new string('x', 2048)}}"; }
            }
            """,
            cancellationToken
        );

    /// <summary>Forwards everything to a port, with the headers that the gateway sets.</summary>
    public static Task<Nginx> StartProxyAsync(int port, int upstream, CancellationToken cancellationToken) =>
        StartAsync(
            port,
            $$"""
            upstream behind { server 127.0.0.1:{{upstream}}; keepalive 64; keepalive_requests 1000000; }
            server {
                listen 127.0.0.1:{{port}} reuseport;
                location / {
                    proxy_pass http://behind;
                    proxy_http_version 1.1;
                    proxy_set_header Connection "";
                    proxy_set_header Host $host;
                    proxy_set_header X-Tidegate-Database bench;
                    proxy_set_header X-Forwarded-Host $host;
                    proxy_set_header X-Forwarded-Proto $scheme;
                    proxy_set_header X-Forwarded-For $remote_addr;
                }
            }
            """,
            cancellationToken
        );

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        folder.Delete(recursive: true);
    }

    private static async Task<Nginx> StartAsync(int port, string http, CancellationToken cancellationToken)
    {
        var files = Directory.CreateTempSubdirectory("tidegate-nginx-");
        var file = Path.Combine(files.FullName, "nginx.conf");
        await File.WriteAllTextAsync(
            file,
            $$"""
            daemon off;
            worker_processes 2;
            pid {{files.FullName}}/pid;
            error_log stderr crit;
            events { worker_connections 4096; }
            http {
                access_log off;
                keepalive_requests 1000000;
                client_body_temp_path {{files.FullName}}/body;
                proxy_temp_path {{files.FullName}}/proxy;
                fastcgi_temp_path {{files.FullName}}/fastcgi;
                uwsgi_temp_path {{files.FullName}}/uwsgi;
                scgi_temp_path {{files.FullName}}/scgi;
                {{http}}
            }
            """,
            cancellationToken
        );
        var process = await BenchProcess.StartAsync(
            "/usr/sbin/nginx",
            ["-c", file, "-e", "stderr"],
            ImmutableDictionary<string, string>.Empty,
            new IPEndPoint(IPAddress.Loopback, port),
            cancellationToken
        );
        return new Nginx(files, process);
    }
}
