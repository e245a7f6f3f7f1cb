using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;

namespace Tidegate.IntegrationTests.Following;

/// <summary>A small forge: git's own http-backend below a listener of this machine, with a token at its door.</summary>
internal sealed class GitHttpServer : IAsyncDisposable
{
    public const string Backend = "/usr/lib/git-core/git-http-backend";

    private readonly HttpListener listener = new();
    private readonly string root;
    private readonly Task serving;

    public GitHttpServer(string root)
    {
        this.root = root;
        Port = Fixtures.SiteHome.FreePort();
        listener.Prefixes.Add($"{Url}/");
        listener.Start();
        serving = ServeAsync();
    }

    public int Port { get; }

    public string Url => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}");

    /// <summary>Null lets everybody in.</summary>
    public string? Token { get; set; }

    /// <summary>Where every request is sent on to; null answers it here.</summary>
    public string? RedirectTo { get; set; }

    /// <summary>While it is set, packs begin and do not go on.</summary>
    public TaskCompletionSource? Stall { get; private set; }

    /// <summary>Done once a pack has begun and does not go on.</summary>
    public TaskCompletionSource Stalled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What came with each request to be let in.</summary>
    public List<string> Credentials { get; } = [];

    public void BeginStalling() => Stall = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void EndStalling()
    {
        Stall?.TrySetResult();
        Stall = null;
    }

    public async ValueTask DisposeAsync()
    {
        EndStalling();
        listener.Stop(); // and no Close: it would bind the port once more, to let go of it
        await serving;
    }

    private async Task ServeAsync()
    {
        var answers = new List<Task>();
        while (true)
        {
            try
            {
                answers.Add(AnswerAsync(await listener.GetContextAsync()));
            }
            catch (Exception stopped) when (stopped is HttpListenerException or ObjectDisposedException)
            {
                await Task.WhenAll(answers);
                return;
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            var (request, response) = (context.Request, context.Response);
            var credentials = request.Headers["Authorization"] ?? "";
            lock (Credentials)
            {
                Credentials.Add(credentials);
            }

            if (RedirectTo is { } elsewhere)
            {
                response.Redirect(elsewhere + request.RawUrl);
            }
            else if (Token is { } token && Password(credentials) != token)
            {
                response.StatusCode = 401;
                response.AddHeader("WWW-Authenticate", "Basic realm=\"fleet\"");
            }
            else
            {
                await RunBackendAsync(request, response);
            }

            response.Close();
        }
        catch (Exception gone) when (gone is IOException or HttpListenerException or ObjectDisposedException)
        {
            // The other side was killed, or the test is over.
        }
    }

    private async Task RunBackendAsync(HttpListenerRequest request, HttpListenerResponse response)
    {
        var start = new ProcessStartInfo(Backend)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_PROJECT_ROOT"] = root;
        start.Environment["GIT_HTTP_EXPORT_ALL"] = "1";
        start.Environment["PATH_INFO"] = request.Url!.AbsolutePath;
        start.Environment["QUERY_STRING"] = request.Url.Query.TrimStart('?');
        start.Environment["REQUEST_METHOD"] = request.HttpMethod;
        start.Environment["CONTENT_TYPE"] = request.ContentType ?? "";
        start.Environment["HTTP_CONTENT_ENCODING"] = request.Headers["Content-Encoding"] ?? "";
        start.Environment["GIT_PROTOCOL"] = request.Headers["Git-Protocol"] ?? "";
        using var backend = Process.Start(start)!;
        using var body = new MemoryStream();
        await request.InputStream.CopyToAsync(body);
        await backend.StandardInput.BaseStream.WriteAsync(body.GetBuffer().AsMemory(0, (int)body.Length));
        backend.StandardInput.Close();
        using var answer = new MemoryStream();
        await backend.StandardOutput.BaseStream.CopyToAsync(answer);
        var bytes = answer.ToArray();
        var end = bytes.AsSpan().IndexOf("\r\n\r\n"u8);
        foreach (var header in Encoding.ASCII.GetString(bytes, 0, end).Split("\r\n"))
        {
            var (name, value) = (
                header[..header.IndexOf(':', StringComparison.Ordinal)],
                header[(header.IndexOf(':', StringComparison.Ordinal) + 2)..]
            );
            if (name is "Status")
            {
                response.StatusCode = int.Parse(value[..3], CultureInfo.InvariantCulture);
            }
            else
            {
                response.AddHeader(name, value);
            }
        }

        var content = bytes.AsMemory(end + 4);
        var isPack = content.Span.IndexOf("PACK"u8) is >= 0 and var pack && pack < content.Length - 100;
        if (isPack && Stall is { } stall)
        {
            await response.OutputStream.WriteAsync(content[..(content.Length / 2)]);
            await response.OutputStream.FlushAsync();
            Stalled.TrySetResult();
            await stall.Task;
            content = content[(content.Length / 2)..];
        }

        await response.OutputStream.WriteAsync(content);
    }

    private static string? Password(string credentials) =>
        credentials.StartsWith("Basic ", StringComparison.Ordinal)
            ? Encoding.UTF8.GetString(Convert.FromBase64String(credentials["Basic ".Length..])).Split(':', 2)[^1]
            : null;
}
