using System.Collections.Immutable;
using System.IO.Enumeration;
using NodaTime;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Calendars;

/// <summary>Of what a rule speaks. A list that is empty is not asked; of names, <c>*</c> and <c>?</c> stand for any characters and any one. With no list at all it speaks of nothing.</summary>
/// <param name="Tags">Null where tags are not asked.</param>
/// <param name="Classes">Of the release, <c>A</c> to <c>E</c>. Whether it speaks of one whose class nobody knows is not sure.</param>
/// <param name="Risks">Of the release, as its file says; as with classes.</param>
/// <param name="Combine">Whether one list that fits is enough.</param>
public sealed record CalendarScope(
    ImmutableArray<string> Environments,
    ImmutableArray<string> Sites,
    ImmutableArray<string> Pools,
    ImmutableArray<string> Tenants,
    TagExpression? Tags,
    ImmutableArray<string> Classes,
    ImmutableArray<string> Risks,
    ScopeCombination Combine = ScopeCombination.All
)
{
    public static CalendarScope Nothing { get; } = new([], [], [], [], null, [], []);

    /// <summary>Whether it speaks of a target, surely or not: what closes does so for both.</summary>
    public bool Covers(CalendarTarget target) => Fit(target) is not ScopeFit.No;

    public ScopeFit Fit(CalendarTarget target)
    {
        var (yes, no, unsure) = (false, false, false);
        ReadOnlySpan<ScopeFit?> asked =
        [
            Fit(Environments, target.Environment.Value),
            Fit(Sites, target.Site.Value),
            Fit(Pools, target.Pool.Value),
            Fit(Tenants, target.Tenant.Value),
            Tags is null ? null
            : Tags.Matches(target.Tags) ? ScopeFit.Yes
            : ScopeFit.No,
            OfRelease(Classes, target.Class, target),
            OfRelease(Risks, target.Risk, target),
        ];
        foreach (var fit in asked)
        {
            yes |= fit is ScopeFit.Yes;
            no |= fit is ScopeFit.No;
            unsure |= fit is ScopeFit.Unsure;
        }

        return Combine switch
        {
            ScopeCombination.All => no ? ScopeFit.No
            : unsure ? ScopeFit.Unsure
            : yes ? ScopeFit.Yes
            : ScopeFit.No,
            ScopeCombination.Any => yes ? ScopeFit.Yes
            : unsure ? ScopeFit.Unsure
            : ScopeFit.No,
        };
    }

    private static ScopeFit? OfRelease(ImmutableArray<string> names, string? known, CalendarTarget target) =>
        names.IsEmpty ? null
        : known is not null ? Fit(names, known)
        : target.IsWithoutRelease ? ScopeFit.Yes
        : ScopeFit.Unsure;

    /// <summary>Null where the list is not asked.</summary>
    private static ScopeFit? Fit(ImmutableArray<string> patterns, string name)
    {
        foreach (var pattern in patterns)
        {
            if (
                IsName(pattern)
                    ? pattern == name
                    : FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false)
            )
            {
                return ScopeFit.Yes;
            }
        }

        return patterns.IsEmpty ? null : ScopeFit.No;
    }

    private static bool IsName(string pattern) => pattern.AsSpan().IndexOfAny('*', '?', '\\') < 0;
}

/// <summary>Whether a scope speaks of a target.</summary>
public enum ScopeFit
{
    No,

    /// <summary>It would of some classes or risks of releases, and nobody knows those of this one.</summary>
    Unsure,

    Yes,
}

/// <summary>How the lists of a scope go together.</summary>
public enum ScopeCombination
{
    All,
    Any,
}

/// <summary>A tenant that a release would go to, as calendars know it.</summary>
/// <param name="Zone">The tenant's own.</param>
/// <param name="Class">The release's class, or null.</param>
/// <param name="Risk">The release's risk, or null.</param>
public sealed record CalendarTarget(
    TenantName Tenant,
    EnvironmentName Environment,
    SiteName Site,
    PoolName Pool,
    ImmutableHashSet<string> Tags,
    DateTimeZone Zone,
    string? Class,
    string? Risk
)
{
    /// <summary>Whether this brings no release: a healing, staging data. What speaks of classes or risks speaks of it, since nothing will ever tell its own.</summary>
    public bool IsWithoutRelease { get; init; }
}
