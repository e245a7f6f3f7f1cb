using Tidegate.Contracts.Releases;
using Tidegate.ControlPlane.Catalog.Facts;
using Tidegate.ControlPlane.Catalog.Gates;
using Tidegate.ControlPlane.Catalog.Modules;

namespace Tidegate.ControlPlane.Catalog.Differences;

/// <summary>One of two releases that are compared.</summary>
/// <param name="Name">For people: a release's name or a folder.</param>
/// <param name="Built">What its build recorded; null for folders.</param>
public sealed record ComparedRelease(string Name, ReleasePlace Place, ReleaseManifest? Built);

/// <summary>Reads two releases and says what differs.</summary>
public sealed class ReleaseComparer(ReleaseFactsReader reader)
{
    /// <param name="progress">Gets one line at the start of each part of the work.</param>
    /// <exception cref="IOException">One of the two cannot be read; the message says which and why.</exception>
    public async Task<ReleaseDiff> CompareAsync(
        ComparedRelease from,
        ComparedRelease to,
        Action<string> progress,
        CancellationToken cancellationToken
    )
    {
        var before = await ReadAsync(from, progress, cancellationToken);
        var now = await ReadAsync(to, progress, cancellationToken);
        progress("comparing");
        return DiffDocuments.Of(
            (from, before),
            (to, now),
            ReleaseDifference.Of(new GateInput(now, before)),
            module => ModuleChecksum.Of(module.Folder, ChecksumRule.ClickOdoo)
        );
    }

    private async Task<ReleaseFacts> ReadAsync(
        ComparedRelease release,
        Action<string> progress,
        CancellationToken cancellationToken
    )
    {
        progress($"{release.Name}:");
        var read = await reader.ReadAsync(release.Place, progress, cancellationToken);
        return read.Release ?? throw new IOException($"{release.Name} cannot be read: {read.Refusals[0].Sentence}");
    }
}
