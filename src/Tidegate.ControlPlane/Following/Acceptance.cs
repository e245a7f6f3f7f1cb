using System.Collections.Immutable;
using Tidegate.ControlPlane.Backups;
using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.DesiredState;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Objectives;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Promotion;
using Tidegate.ControlPlane.Refreshes;

namespace Tidegate.ControlPlane.Following;

/// <summary>What taking a commit's state changes of what git is known to say.</summary>
/// <param name="Range">How the branch came to the commit since the last that was taken.</param>
/// <param name="Terms">Of environments that are new or changed.</param>
/// <param name="Gone">Environments that git does not name any more.</param>
/// <param name="Asked">What environments ask for now and did not before.</param>
/// <param name="Quiet">Environments that ask for nothing any more.</param>
/// <param name="Releases">Every release that an environment asks for: its name keeps its digest from now on.</param>
/// <param name="Objectives">All that git says of objectives now.</param>
/// <param name="Protection">All that git says of the backups of sites now.</param>
/// <param name="Staging">All tenants of which git says that they are copies now.</param>
/// <param name="Calendars">All calendars that git has now.</param>
/// <param name="Summary">For the ledger: what the commit changed, in numbers.</param>
public sealed record Acceptance(
    GoodCommit Commit,
    TakenRange Range,
    ImmutableArray<EnvironmentTerms> Terms,
    ImmutableArray<EnvironmentName> Gone,
    ImmutableArray<AskedRelease> Asked,
    ImmutableArray<EnvironmentName> Quiet,
    ImmutableArray<KeptRelease> Releases,
    ImmutableArray<ObjectiveTerms> Objectives,
    ImmutableArray<SiteBackupTerms> Protection,
    ImmutableArray<StagingTenant> Staging,
    ImmutableArray<TradingCalendar> Calendars,
    string Summary
);

/// <summary>A release's name that keeps its digest, and the environment that asked for it first.</summary>
public sealed record KeptRelease(ReleaseName Name, ReleaseDigest Digest, EnvironmentName Environment);
