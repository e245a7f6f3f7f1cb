using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Restores;

namespace Tidegate.ControlPlane.Refreshes;

/// <summary>What a site does to a state so that it may serve as a staging tenant.</summary>
public interface ISiteStaging
{
    /// <summary>What would be replaced, and how much would come. Reads only.</summary>
    Task<StagingLook> LookAsync(StateOrder order, CancellationToken cancellationToken);

    /// <summary>
    /// Neutralises the state that was brought, masks it, proves it, and gives it files of its own. Nobody can connect to it
    /// before or after.
    /// </summary>
    /// <exception cref="JobFailedException">It cannot be made harmless; it is nobody's, and goes with its job.</exception>
    Task<HarmlessState> MakeAsync(StateOrder order, HarmlessTerms terms, CancellationToken cancellationToken);
}

/// <param name="IsNeutral">The database that is replaced says itself that it is a copy that acts on nobody.</param>
/// <param name="SourceBytes">What the source's database takes on disk now.</param>
public sealed record StagingLook(bool IsNeutral, long SourceBytes);

/// <summary>What a copy gets of the staging tenant whose place it takes.</summary>
/// <param name="Release">The release that the state belongs to.</param>
/// <param name="Hosts">Where it is reached.</param>
/// <param name="Profile">Whose user makes the journeys, and where that user's password is.</param>
public sealed record HarmlessTerms(
    ReleaseDigest Release,
    ImmutableArray<string> Hosts,
    TenantProfile Profile,
    CopyTerms Copy
);

/// <param name="Bytes">What it takes on disk, files and all.</param>
/// <param name="What">What was done, for people.</param>
public sealed record HarmlessState(long Bytes, string What);
