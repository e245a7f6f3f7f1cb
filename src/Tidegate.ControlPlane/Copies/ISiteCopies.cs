using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Copies;

/// <summary>Copies as they really are on a site.</summary>
public interface ISiteCopies
{
    /// <summary>What the site gives to copies.</summary>
    CopyBudget Budget { get; }

    /// <summary>Databases whose names say that they are somebody's second one, and working folders of jobs, and exported rows. Reads only.</summary>
    Task<SeenCopies> SeeAsync(CancellationToken cancellationToken);

    /// <summary>Removes database and folder. Nothing when they are gone already.</summary>
    /// <param name="epoch">Higher than any that the tenant's site has seen.</param>
    /// <returns>Null once it is gone; otherwise one sentence that says what is in the way.</returns>
    Task<string?> DropAsync(DataCopy copy, long epoch, CancellationToken cancellationToken);
}

/// <summary>What a site has.</summary>
/// <param name="Exports">Rows that ways back wrote out, one folder a tenant and rollout.</param>
public sealed record SeenCopies(
    ImmutableArray<SeenDatabase> Databases,
    ImmutableArray<SeenFolder> Folders,
    ImmutableArray<SeenExport> Exports
);

public sealed record SeenDatabase(string Name, long Bytes);

/// <param name="Job">Its name, which is a job's id.</param>
public sealed record SeenFolder(string Path, string Job);

/// <param name="Path">Absolute.</param>
/// <param name="Rollout">That took the rows.</param>
public sealed record SeenExport(string Path, string Rollout, string Tenant, long Bytes);
