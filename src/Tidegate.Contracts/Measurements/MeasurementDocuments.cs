namespace Tidegate.Contracts.Measurements;

/// <summary>What a site has measured of itself.</summary>
/// <param name="Cutovers">How many of its own cutovers the pace comes from; 0 while it is a guess.</param>
/// <param name="CopyBytesPerSecond">Of a database inside a cutover.</param>
/// <param name="FixedHoldSeconds">What a cutover takes beside the copy.</param>
/// <param name="CopiesAreClones">Whether copies share blocks with their source; null before the first probe.</param>
/// <param name="CloneReason">Why, or why not.</param>
/// <param name="ProbeBytesPerSecond">Of one file that was copied to try the disk.</param>
/// <param name="FreeBytes">Free where the databases lie.</param>
public sealed record MeasurementView(
    string Site,
    int Cutovers,
    double CopyBytesPerSecond,
    double FixedHoldSeconds,
    bool? CopiesAreClones,
    string? CloneReason,
    double? ProbeBytesPerSecond,
    long FreeBytes,
    DateTimeOffset MeasuredAt,
    DateTimeOffset? ProbedAt
);
