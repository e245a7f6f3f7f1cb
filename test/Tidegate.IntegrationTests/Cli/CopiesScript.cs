using System.Collections.Immutable;
using Tidegate.ControlPlane.Copies;

namespace Tidegate.IntegrationTests.Cli;

/// <summary>A site's copies, as a test says they are.</summary>
internal sealed class CopiesScript : ISiteCopies
{
    public CopyBudget Budget { get; set; } = new(null);

    public ImmutableArray<SeenDatabase> Databases { get; set; } = [];

    public ImmutableArray<SeenExport> Exports { get; set; } = [];

    /// <summary>What stands in the way of a copy's removal, or null.</summary>
    public string? Obstacle { get; set; }

    public Task<SeenCopies> SeeAsync(CancellationToken cancellationToken) =>
        Task.FromResult(new SeenCopies(Databases, [], Exports));

    public Task<string?> DropAsync(DataCopy copy, long epoch, CancellationToken cancellationToken)
    {
        if (Obstacle is null)
        {
            Databases = [.. Databases.Where(database => database.Name != copy.What.Database)];
            Exports = [.. Exports.Where(export => export.Path != copy.What.Folder)];
        }

        return Task.FromResult(Obstacle);
    }
}
