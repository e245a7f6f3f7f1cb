using System.Collections.Immutable;
using System.Globalization;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Parity;

/// <summary>Compares an environment with the one upstream of it, where its releases were tried. Pure.</summary>
/// <param name="Upstream">Where the release was tried: staging.</param>
/// <param name="Downstream">Where it is to go: production.</param>
public sealed record ParityComparison(
    EnvironmentName Upstream,
    EnvironmentName Downstream,
    ImmutableArray<ParityDifference> Differences
)
{
    /// <summary>Older data no longer looks like production's.</summary>
    public static readonly TimeSpan LongestDataAge = TimeSpan.FromDays(30);

    /// <summary>What a difference of these options changes is how much a pool serves, not what.</summary>
    private static readonly ImmutableHashSet<string> Sizes =
    [
        "workers",
        "db_maxconn",
        "db_maxconn_gevent",
        "limit_memory_soft",
        "limit_memory_hard",
        "limit_request",
    ];

    public static ParityComparison Compare(
        (EnvironmentName Name, ParityProfile Profile) upstream,
        (EnvironmentName Name, ParityProfile Profile) downstream,
        DateTimeOffset now
    ) =>
        new(
            upstream.Name,
            downstream.Name,
            [
                .. Unknown(upstream.Name, upstream.Profile),
                .. Unknown(downstream.Name, downstream.Profile),
                .. upstream
                    .Profile.Keys.Union(downstream.Profile.Keys)
                    .Order()
                    .SelectMany(key => Key(key, upstream.Profile, downstream.Profile)),
                .. Age(upstream.Name, upstream.Profile, now),
            ]
        );

    private static IEnumerable<ParityDifference> Unknown(EnvironmentName name, ParityProfile profile)
    {
        if (profile.Tenants == 0)
        {
            yield return Whole(ParityAspect.Module, $"{name} has no tenants: there is nothing to compare.");
        }
        else if (profile.Unread > 0)
        {
            yield return Whole(
                ParityAspect.Module,
                $"{Text(profile.Unread)} of {Text(profile.Tenants)} tenants of {name} could not be read."
            );
        }
    }

    /// <summary>Every value downstream is to be upstream too: there it was tried.</summary>
    private static IEnumerable<ParityDifference> Key(ParityKey key, ParityProfile upstream, ParityProfile downstream)
    {
        var tried = upstream.Values(key);
        var used = downstream.Values(key);
        foreach (var (value, bearers) in used.Where(value => !tried.ContainsKey(value.Key)))
        {
            var there = tried.Count > 0 ? string.Join(" or ", tried.Keys) : null;
            var (weight, why) = Judge(key, there, value);
            yield return new(key, there, value, bearers.Count, bearers.Example, weight, why);
        }

        if (used.Count == 0 && downstream.Tenants > 0)
        {
            yield return new(
                key,
                string.Join(" or ", tried.Keys),
                null,
                0,
                null,
                ParityWeight.Note,
                "It was tried and is not used."
            );
        }
    }

    private static (ParityWeight Weight, string Why) Judge(ParityKey key, string? upstream, string downstream) =>
        key.Aspect switch
        {
            ParityAspect.Odoo => (ParityWeight.Note, "The releases bring it."),
            ParityAspect.Module => (
                ParityWeight.Matters,
                upstream is null ? "Its update was not tried." : "Its update was tried from another state."
            ),
            ParityAspect.Option when Sizes.Contains(key.Name) => (ParityWeight.Note, "It changes how much is served."),
            ParityAspect.Option => (ParityWeight.Matters, "Odoo behaves otherwise."),
            ParityAspect.Bridge => (ParityWeight.Matters, "Requests and jobs are let in by other code."),
            ParityAspect.Postgres when Major(upstream) == Major(downstream) => (
                ParityWeight.Note,
                "Minor versions have the same features."
            ),
            ParityAspect.Postgres => (ParityWeight.Matters, "Statements may be planned and refused otherwise."),
            ParityAspect.Extension when upstream is not null => (ParityWeight.Note, "It is there in another version."),
            ParityAspect.Extension => (ParityWeight.Matters, "Indexes and searches made with it were not tried."),
            ParityAspect.Locale => (
                ParityWeight.Matters,
                "Names sort and compare otherwise; unique indexes with them."
            ),
            ParityAspect.TimeZone
                when upstream is null && key.Name.StartsWith("of tenants", StringComparison.Ordinal) => (
                ParityWeight.Note,
                "No tenant there has that day's end."
            ),
            ParityAspect.TimeZone => (ParityWeight.Matters, "Days begin and end at other hours."),
            ParityAspect.Language => (ParityWeight.Matters, "Its translations were not loaded there."),
            ParityAspect.DataAge => (ParityWeight.Matters, "It no longer looks like production's."),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private static IEnumerable<ParityDifference> Age(EnvironmentName name, ParityProfile profile, DateTimeOffset now)
    {
        if (profile.Undated > 0)
        {
            yield return Whole(
                ParityAspect.DataAge,
                $"{Text(profile.Undated)} of {Text(profile.Tenants)} tenants of {name} do not say when their data was brought over."
            );
        }

        if (profile.OldestData is { } oldest && now - oldest.At > LongestDataAge)
        {
            yield return new(
                new(ParityAspect.DataAge, oldest.Tenant.Value),
                $"{Text((int)(now - oldest.At).TotalDays)} days",
                $"at most {Text((int)LongestDataAge.TotalDays)} days",
                1,
                oldest.Tenant,
                ParityWeight.Matters,
                "It no longer looks like production's."
            );
        }
    }

    private static ParityDifference Whole(ParityAspect aspect, string why) =>
        new(new(aspect, "all"), null, null, 0, null, ParityWeight.Unknown, why);

    private static string? Major(string? version) => version?.Split('.')[0];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
