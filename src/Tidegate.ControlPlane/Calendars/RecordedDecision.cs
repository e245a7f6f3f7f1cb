using System.Collections.Immutable;
using NodaTime.Text;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Calendars;

/// <summary>A decision as the ledger keeps it: all that it was made of. Made again, it says the same.</summary>
/// <param name="Set">The calendars that were in force, by their content.</param>
/// <param name="Zones">The version of the time zone data.</param>
/// <param name="At">For which instant it was asked, to the tick.</param>
/// <param name="Reasons">What stood against it; empty where nothing did.</param>
public sealed record RecordedDecision(
    string Set,
    string Zones,
    string At,
    StartKind Kind,
    RecordedTarget Target,
    ImmutableArray<CalendarReason> Reasons
)
{
    /// <summary>Whether it was asked of work that was under way.</summary>
    public bool IsUnderWay { get; init; }

    public ImmutableArray<string> Overridden { get; init; } = [];

    /// <summary>Which emergency overrode them, by its id.</summary>
    public string? Emergency { get; init; }

    /// <summary>Which of them would have stood against it.</summary>
    public ImmutableArray<CalendarReason> Past { get; init; } = [];

    /// <summary>How many tenants had started in the present opening of a window, by its name.</summary>
    public ImmutableSortedDictionary<string, int> Started { get; init; } = ImmutableSortedDictionary<string, int>.Empty;

    public static RecordedDecision Of(CalendarSet set, CalendarQuestion question, CalendarDecision decision) =>
        new(
            set.Id,
            decision.Zones,
            InstantPattern.ExtendedIso.Format(question.At),
            question.Kind,
            RecordedTarget.Of(question.Target),
            decision.Reasons
        )
        {
            IsUnderWay = question.IsUnderWay,
            Overridden = [.. question.Overridden.Order(StringComparer.Ordinal)],
            Emergency = question.Emergency,
            Past = decision.Past,
            Started = question.Started.ToImmutableSortedDictionary(StringComparer.Ordinal),
        };

    /// <summary>The same question again, of the same calendars.</summary>
    /// <param name="set">The one of that name.</param>
    public CalendarDecision Replay(CalendarSet set) =>
        set.Id == Set
            ? new CalendarDecider(set.Rules).Decide(
                new(Target.ToTarget(), Kind, InstantPattern.ExtendedIso.Parse(At).GetValueOrThrow())
                {
                    IsUnderWay = IsUnderWay,
                    Overridden = [.. Overridden],
                    Emergency = Emergency,
                    Started = Started.ToImmutableDictionary(),
                }
            )
            : throw new ArgumentException(
                $"The decision was made of the calendars {Set}, not of {set.Id}.",
                nameof(set)
            );

    /// <summary>One line of JSON.</summary>
    public override string ToString() => StoredJson.Write(this);

    public static RecordedDecision Read(string json) => StoredJson.Read<RecordedDecision>(json);
}

/// <summary>A target as it is kept.</summary>
public sealed record RecordedTarget(
    TenantName Tenant,
    EnvironmentName Environment,
    SiteName Site,
    PoolName Pool,
    ImmutableArray<string> Tags,
    string Zone,
    string? Class,
    string? Risk
)
{
    /// <summary>Whether it brought no release.</summary>
    public bool IsWithoutRelease { get; init; }

    public static RecordedTarget Of(CalendarTarget target) =>
        new(
            target.Tenant,
            target.Environment,
            target.Site,
            target.Pool,
            [.. target.Tags.Order(StringComparer.Ordinal)],
            target.Zone.Id,
            target.Class,
            target.Risk
        )
        {
            IsWithoutRelease = target.IsWithoutRelease,
        };

    public CalendarTarget ToTarget() =>
        new(
            Tenant,
            Environment,
            Site,
            Pool,
            Tags.ToImmutableHashSet(StringComparer.Ordinal),
            CalendarText.Zone(Zone),
            Class,
            Risk
        )
        {
            IsWithoutRelease = IsWithoutRelease,
        };
}
