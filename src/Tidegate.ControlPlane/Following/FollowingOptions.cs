namespace Tidegate.ControlPlane.Following;

/// <summary>How this server follows.</summary>
/// <param name="Owner">Names this process in leases.</param>
/// <param name="Lease">How long a round stays this server's when it is not renewed, by the control database's clock.</param>
public sealed record FollowingOptions(string Owner, TimeSpan Lease)
{
    /// <summary>How often a repository is asked where nobody says otherwise.</summary>
    public static readonly TimeSpan DefaultInterval = TimeSpan.FromSeconds(30);

    public static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(5);

    public static readonly TimeSpan LongestInterval = TimeSpan.FromDays(1);

    /// <summary>How long a round may go on beginning to settle; then the repository is asked again, and it goes on.</summary>
    public TimeSpan SettleBound { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long looking at the databases of some new tenants is waited for.</summary>
    public TimeSpan LookBound { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long serving some tenants is waited for; it goes on behind it.</summary>
    public TimeSpan PlaceBound { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How soon what could not be settled is tried again; then twice as long each time.</summary>
    public TimeSpan SettleAgain { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The longest pause between two attempts to settle.</summary>
    public TimeSpan SettleAtLast { get; init; } = TimeSpan.FromMinutes(5);
}
