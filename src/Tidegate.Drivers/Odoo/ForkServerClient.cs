using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Tidegate.Drivers.Odoo;

/// <summary>Speaks with a fork server: one JSON object a line, over its unix socket. One connection per request.</summary>
/// <param name="socket">The socket's path; <c>sockaddr_un</c> takes 107 bytes.</param>
public sealed class ForkServerClient(string socket)
{
    /// <summary>A fork server answers these at once; a frozen one must not freeze us.</summary>
    private static readonly TimeSpan AnswerBound = TimeSpan.FromSeconds(5);

    /// <summary>True when the fork server listens and answers.</summary>
    public async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(AnswerBound);
        try
        {
            return await AskAsync(new { op = "ping" }, bound.Token) is { } answer
                && !answer.TryGetProperty("error", out _);
        }
        catch (SocketException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>
    /// Asks for a job and waits for its end. When the connection breaks, the fork server is asked again for the same
    /// job; when the fork server is gone as well, its result file says what came of the job.
    /// </summary>
    /// <param name="request">The request with its <c>op</c>, <c>id</c> and <c>result</c>.</param>
    /// <param name="id">The job's id.</param>
    /// <param name="resultPath">Where the fork server writes the result.</param>
    /// <returns>A lost result (<see cref="JobResult.IsLost"/>) when the job began and left nothing.</returns>
    /// <exception cref="MigratorUnreachableException">The job has not begun.</exception>
    public async Task<JobResult> RunAsync(
        object request,
        string id,
        string resultPath,
        CancellationToken cancellationToken
    )
    {
        var wasTaken = false;
        while (true)
        {
            try
            {
                if (await AskAsync(request, cancellationToken) is { } answer)
                {
                    return Read(answer);
                }

                wasTaken = true;
            }
            catch (SocketException gone)
            {
                return await JobResult.FindAsync(resultPath, cancellationToken) is { } result ? result
                    : wasTaken ? new(id, Exit: null, Signal: null, WallS: null, CpuS: null, PeakMb: null)
                    : throw new MigratorUnreachableException(
                        $"The migrator at {socket} cannot be reached: {gone.Message}.",
                        gone
                    );
            }
        }
    }

    /// <summary>
    /// Kills every job on a database that was begun under this epoch or a lower one, and waits until they are gone. A
    /// successor's is left alone. Nobody listening is no error: jobs die with their fork server.
    /// </summary>
    /// <exception cref="MigratorUnreachableException">The fork server listens and does not answer.</exception>
    public async Task EndAllAsync(string database, long epoch, CancellationToken cancellationToken)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(AnswerBound);
        try
        {
            foreach (var id in await JobsAsync(database, epoch, bound.Token))
            {
                await AskAsync(new { op = "end", id }, bound.Token);
            }
        }
        catch (SocketException)
        {
            // It went away in between, and its jobs with it.
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new MigratorUnreachableException($"The migrator at {socket} does not answer.", late);
        }
    }

    private async Task<IReadOnlyList<string>> JobsAsync(
        string database,
        long epoch,
        CancellationToken cancellationToken
    ) =>
        await AskAsync(new { op = "list" }, cancellationToken) is { } answer
        && answer.TryGetProperty("jobs", out var jobs)
            ?
            [
                .. jobs.EnumerateArray()
                    .Where(job =>
                        job.GetProperty("database").ValueEquals(database)
                        && job.GetProperty("epoch").GetInt64() <= epoch
                    )
                    .Select(job => job.GetProperty("id").GetString()!),
            ]
            : [];

    private JobResult Read(JsonElement answer) =>
        answer.TryGetProperty("exit", out _) ? answer.Deserialize<JobResult>(Evidence.Json)!
        : answer.TryGetProperty("error", out var error)
            ? throw new MigratorUnreachableException($"The migrator at {socket} refuses the job: {error.GetString()}.")
        : throw new MigratorUnreachableException($"The migrator at {socket} answers \"{answer.GetRawText()}\".");

    /// <summary>Null when the connection was closed before the answer: the request was sent, nobody knows more.</summary>
    /// <exception cref="SocketException">Nobody listens.</exception>
    private async Task<JsonElement?> AskAsync(object request, CancellationToken cancellationToken)
    {
        using var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellationToken);
        await using var stream = new NetworkStream(connection);
        try
        {
            var line = JsonSerializer.SerializeToUtf8Bytes(request, Line);
            await stream.WriteAsync((byte[])[.. line, (byte)'\n'], cancellationToken);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            return await reader.ReadLineAsync(cancellationToken) is { } answer
                ? JsonSerializer.Deserialize<JsonElement>(answer)
                : null;
        }
        catch (IOException)
        {
            return null; // cut in the middle: whoever asks again learns what came of it
        }
    }

    private static JsonSerializerOptions Line { get; } = new(Evidence.Json) { WriteIndented = false };
}
