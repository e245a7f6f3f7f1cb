using System.Collections.Immutable;
using Tidegate.ControlPlane.DesiredState;
using Tidegate.ControlPlane.DesiredState.Reading;

namespace Tidegate.Simulator.Following;

/// <summary>The fleet's files of a commit.</summary>
internal sealed class InMemoryFiles(ImmutableSortedDictionary<string, InMemoryFile> tree, string folder) : IFleetFiles
{
    private readonly string prefix = folder.Length == 0 ? "" : folder + "/";

    public IReadOnlyList<FleetFile> List() =>
        [
            .. tree.Where(file => file.Key.StartsWith(prefix, StringComparison.Ordinal))
                .Select(file => Listed(file.Key[prefix.Length..].Split('/'), file.Value))
                .OfType<FleetFile>()
                .DistinctBy(file => file.Path, StringComparer.Ordinal),
        ];

    public ReadOnlyMemory<byte> Read(FleetFile file) => tree[prefix + file.Path].Content.AsMemory();

    private static FleetFile? Listed(string[] path, InMemoryFile file) =>
        path switch
        {
            [FleetLayout.Root, _, ..] => new(FleetLayout.Root, null, 0) { Kind = FleetFileKind.Folder },
            [FleetLayout.Root] => Listed(FleetLayout.Root, file),
            [var name] when FleetFolders.All.Contains(name) => Listed(name, file),
            [var name, var own] when FleetFolders.All.Contains(name) => Listed($"{name}/{own}", file),
            [var name, var own, ..] when FleetFolders.All.Contains(name) => new($"{name}/{own}", null, 0)
            {
                Kind = FleetFileKind.Folder,
            },
            _ => null,
        };

    private static FleetFile Listed(string path, InMemoryFile file) =>
        new(path, InMemoryRepository.Hash(file.Content.AsSpan()), file.Content.Length) { Kind = file.Kind };
}
