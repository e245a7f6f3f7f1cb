using System.Collections.Immutable;
using System.IO.Enumeration;
using NodaTime;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Calendars;

/// <summary>Of what a rule speaks. A list that is empty is not asked; of names, <c>*</c> and <c>?</c> stand for any characters and any one. With no list at all it speaks of nothing.</summary>
/// <param name="Tags">Null where tags are not asked.</param>
/// <param name="Classes">Of the release, <c>A</c> to <c>E</c>. A release whose class nobody knows belongs to each.</param>
/// <param name="Risks">Of the release, as its file says. One that nobody named belongs to each.</param>
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

    // Asked of every tenant by every rule: a fleet of ten thousand asks millions of times.
    public bool Covers(CalendarTarget target)
    {
        var asked = false;
        for (var list = 0; list < Lists; list++)
        {
            if (Fits(list, target) is not { } fits)
            {
                continue;
            }

            if (fits == (Combine is ScopeCombination.Any))
            {
                return fits;
            }

            asked = true;
        }

        return asked && Combine is ScopeCombination.All;
    }

    private const int Lists = 7;

    /// <summary>Whether a list fits; null where it is not asked.</summary>
    private bool? Fits(int list, CalendarTarget target) =>
        list switch
        {
            0 => Fits(Environments, target.Environment.Value),
            1 => Fits(Sites, target.Site.Value),
            2 => Fits(Pools, target.Pool.Value),
            3 => Fits(Tenants, target.Tenant.Value),
            4 => Tags?.Matches(target.Tags),
            5 => target.Class is { } known ? Fits(Classes, known)
            : Classes.IsEmpty ? null
            : true,
            _ => target.Risk is { } risk ? Fits(Risks, risk)
            : Risks.IsEmpty ? null
            : true,
        };

    private static bool? Fits(ImmutableArray<string> patterns, string name)
    {
        foreach (var pattern in patterns)
        {
            if (
                IsName(pattern)
                    ? pattern == name
                    : FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false)
            )
            {
                return true;
            }
        }

        return patterns.IsEmpty ? null : false;
    }

    private static bool IsName(string pattern) => pattern.AsSpan().IndexOfAny('*', '?', '\\') < 0;
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
);
