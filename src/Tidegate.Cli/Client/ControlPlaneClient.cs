using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Tidegate.Contracts;

namespace Tidegate.Cli.Client;

/// <summary>The control plane's API. Its address is a unix socket, <c>unix:/path</c>: the file's rights say who may use it.</summary>
public sealed class ControlPlaneClient : IDisposable
{
    private const string UnixScheme = "unix:";

    private const string OnlyPart = "only what your grants cover is shown: tidegate access whoami";

    private readonly HttpClient _http;
    private readonly string _address;
    private readonly TextWriter _notes;
    private bool _hasNoted;

    /// <param name="token">Shown with each request; null for none.</param>
    /// <param name="notes">Where it is said, once, that an answer is not the whole one.</param>
    /// <exception cref="ProblemException">The address has another form, or what should be a token cannot be one.</exception>
    public ControlPlaneClient(string address, string? token = null, TextWriter? notes = null)
    {
        _notes = notes ?? TextWriter.Null;
        if (!address.StartsWith(UnixScheme, StringComparison.Ordinal))
        {
            throw new ProblemException(
                new ApiProblem(
                    ProblemCodes.Invalid,
                    $"\"{address}\" is not an address of a control plane.",
                    "use unix:/path/to/tidegate.sock."
                )
            );
        }

        _address = address;
        var socketPath = address[UnixScheme.Length..];
        _http = new HttpClient(
            new SocketsHttpHandler
            {
                ConnectCallback = async (_, cancellationToken) =>
                {
                    var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                    try
                    {
                        await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancellationToken);
                    }
                    catch
                    {
                        socket.Dispose();
                        throw;
                    }

                    return new NetworkStream(socket, ownsSocket: true);
                },
            }
        )
        {
            BaseAddress = new Uri("http://tidegate"),
            Timeout = TimeSpan.FromMinutes(5),
        };
        if (token is not null)
        {
            try
            {
                _http.DefaultRequestHeaders.Authorization = new("Bearer", token);
            }
            catch (FormatException)
            {
                _http.Dispose();
                throw new ProblemException(
                    new ApiProblem(ProblemCodes.Invalid, "what should be a token is none.", "it is one line of text.")
                );
            }
        }
    }

    public void Dispose() => _http.Dispose();

    /// <exception cref="ProblemException">The control plane refused, or does not answer.</exception>
    public async Task<TAnswer> GetAsync<TAnswer>(string path, CancellationToken cancellationToken) =>
        await ReadAsync<TAnswer>(
            () => _http.GetAsync(new Uri(path, UriKind.Relative), cancellationToken),
            cancellationToken
        );

    /// <exception cref="ProblemException">The control plane refused, or does not answer.</exception>
    public async Task<TAnswer> PostAsync<TRequest, TAnswer>(
        string path,
        TRequest request,
        CancellationToken cancellationToken
    ) =>
        await ReadAsync<TAnswer>(
            () => _http.PostAsJsonAsync(new Uri(path, UriKind.Relative), request, ApiJson.Options, cancellationToken),
            cancellationToken
        );

    /// <exception cref="ProblemException">The control plane refused, or does not answer.</exception>
    public async Task PostAsync<TRequest>(string path, TRequest request, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(
            () => _http.PostAsJsonAsync(new Uri(path, UriKind.Relative), request, ApiJson.Options, cancellationToken),
            cancellationToken
        );
    }

    /// <exception cref="ProblemException">The control plane refused, or does not answer.</exception>
    public Task<TAnswer> DeleteAsync<TAnswer>(string path, CancellationToken cancellationToken) =>
        ReadAsync<TAnswer>(
            () => _http.DeleteAsync(new Uri(path, UriKind.Relative), cancellationToken),
            cancellationToken
        );

    /// <summary>An answer that is too long to be held: read as it comes, and closed by whoever reads it.</summary>
    /// <exception cref="ProblemException">The control plane refused, or does not answer.</exception>
    public async Task<Stream> GetStreamAsync(string path, CancellationToken cancellationToken)
    {
        var response = await SendAsync(
            () =>
                _http.GetAsync(
                    new Uri(path, UriKind.Relative),
                    HttpCompletionOption.ResponseHeadersRead,
                    cancellationToken
                ),
            cancellationToken
        );
        return await response.Content.ReadAsStreamAsync(cancellationToken);
    }

    private async Task<TAnswer> ReadAsync<TAnswer>(
        Func<Task<HttpResponseMessage>> send,
        CancellationToken cancellationToken
    )
    {
        using var response = await SendAsync(send, cancellationToken);
        return await response.Content.ReadFromJsonAsync<TAnswer>(ApiJson.Options, cancellationToken)
            ?? throw Failed("the control plane answered with nothing.");
    }

    private async Task<HttpResponseMessage> SendAsync(
        Func<Task<HttpResponseMessage>> send,
        CancellationToken cancellationToken
    )
    {
        HttpResponseMessage response;
        try
        {
            response = await send();
        }
        catch (HttpRequestException exception)
        {
            throw Unavailable(exception.Message);
        }
        catch (TaskCanceledException exception) when (exception.InnerException is TimeoutException)
        {
            throw Unavailable($"nothing came back within {_http.Timeout.TotalMinutes:0} minutes");
        }

        if (response.IsSuccessStatusCode)
        {
            if (!_hasNoted && response.Headers.Contains(ApiHeaders.Shown))
            {
                _hasNoted = true;
                await _notes.WriteLineAsync(OnlyPart.AsMemory(), cancellationToken);
            }

            return response;
        }

        using (response)
        {
            throw await ProblemAsync(response, cancellationToken);
        }
    }

    private static async Task<ProblemException> ProblemAsync(
        HttpResponseMessage response,
        CancellationToken cancellationToken
    )
    {
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        try
        {
            if (JsonSerializer.Deserialize<ApiProblem>(body, ApiJson.Options) is { } problem)
            {
                return new ProblemException(problem);
            }
        }
        catch (JsonException)
        {
            // Not one of our refusals: what came back is told as it is.
        }

        var code = response.StatusCode is HttpStatusCode.BadRequest ? ProblemCodes.Invalid : ProblemCodes.Failed;
        return new ProblemException(
            new ApiProblem(code, $"the control plane answered {(int)response.StatusCode}: {body}".TrimEnd(' ', ':'))
        );
    }

    private ProblemException Unavailable(string why) =>
        new(
            new ApiProblem(
                ProblemCodes.Unavailable,
                $"the control plane at {_address} does not answer: {why}",
                "tidegate site status shows what runs."
            )
        );

    private static ProblemException Failed(string what) => new(new ApiProblem(ProblemCodes.Failed, what));
}
