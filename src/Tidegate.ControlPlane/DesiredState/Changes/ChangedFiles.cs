namespace Tidegate.ControlPlane.DesiredState.Changes;

/// <summary>A file of a fleet as it is and as it is to be.</summary>
/// <param name="Path">From the fleet's root, with slashes.</param>
/// <param name="Before">Null where there is none yet.</param>
public sealed record ChangedFile(string Path, ReadOnlyMemory<byte>? Before, ReadOnlyMemory<byte> After);

/// <summary>A fleet's files as they would be with some changes.</summary>
internal sealed class ChangedFiles(IFleetFiles files, IReadOnlyCollection<ChangedFile> changes) : IFleetFiles
{
    private readonly Dictionary<string, ChangedFile> changed = changes.ToDictionary(
        change => change.Path,
        StringComparer.Ordinal
    );

    public IReadOnlyList<FleetFile> List() =>
        [
            .. files.List().Where(file => !changed.ContainsKey(file.Path)),
            .. changed.Values.Select(change => new FleetFile(change.Path, null, change.After.Length)),
        ];

    public ReadOnlyMemory<byte> Read(FleetFile file) =>
        changed.TryGetValue(file.Path, out var change) ? change.After : files.Read(file);
}
