using System.Text.Json;

namespace Tidegate.Drivers.Odoo;

/// <summary>How a job of a migrator ended. Written once, atomically; a file that exists is complete.</summary>
/// <param name="Exit">The exit code; null when a signal ended the process, or nobody saw its end.</param>
/// <param name="Signal">The signal that ended the process, or null.</param>
/// <param name="WallS">Seconds from start to end.</param>
/// <param name="CpuS">Seconds of processor time, user and system.</param>
/// <param name="PeakMb">Largest resident size in MiB; null where nobody measured it.</param>
/// <param name="Value">What the job itself had to say: a journey's answer; null for a migration.</param>
public sealed record JobResult(
    string Id,
    int? Exit,
    int? Signal,
    double? WallS,
    double? CpuS,
    double? PeakMb,
    JsonElement? Value = null
)
{
    public bool IsClean => Exit == 0 && Signal is null or 0;

    /// <summary>The job ended and nobody saw how: what ran it died with it.</summary>
    public bool IsLost => Exit is null && Signal is null;

    /// <summary>The result at <paramref name="path"/>, or null when there is none yet.</summary>
    /// <exception cref="JsonException">The file is not a result: it was not written by a migrator.</exception>
    public static async Task<JobResult?> FindAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return Parse(await File.ReadAllTextAsync(path, cancellationToken));
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <exception cref="JsonException">The text is no result.</exception>
    public static JobResult Parse(string json) =>
        JsonSerializer.Deserialize<JobResult>(json, Evidence.Json) ?? throw new JsonException("A result is an object.");
}
