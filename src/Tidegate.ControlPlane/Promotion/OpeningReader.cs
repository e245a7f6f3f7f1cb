using System.Collections.Concurrent;
using System.Collections.Immutable;
using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Promotion.Facts;
using Tidegate.ControlPlane.Promotion.Gates;

namespace Tidegate.ControlPlane.Promotion;

/// <summary>Asks the calendars about planned work. Work that waits asks again and again: an environment's tenants are remembered for a while.</summary>
public sealed class OpeningReader(ICalendars calendars, FleetStore fleet, TimeProvider clock)
{
    private static readonly TimeSpan Good = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<EnvironmentName, Known> known = [];

    /// <summary>The facts with what the calendars say; as they are where there are none.</summary>
    public async Task<IReadOnlyList<PromotionFacts>> AddAsync(
        IReadOnlyList<PromotionFacts> facts,
        CancellationToken cancellationToken
    )
    {
        var set = await calendars.InForceAsync(cancellationToken);
        if (set.IsEmpty)
        {
            return facts;
        }

        var now = clock.GetUtcNow();
        var opened = new List<PromotionFacts>(facts.Count);
        foreach (var each in facts)
        {
            var members = await MembersAsync(each.Environment, now, cancellationToken);
            var targets = members.Select(member => CalendarDesk.Target(member, each.Record)).ToList();
            var kind = each.Question.Order is null ? StartKind.Automatic : StartKind.Manual;
            opened.Add(each with { Opened = OpenGate.Ask(set, targets, kind, now) });
        }

        return opened;
    }

    private async Task<ImmutableArray<FleetMember>> MembersAsync(
        EnvironmentName environment,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (known.TryGetValue(environment, out var before) && now - before.At < Good)
        {
            return before.Members;
        }

        ImmutableArray<FleetMember> members = [.. await fleet.ListAsync(environment, cancellationToken)];
        known[environment] = new(members, now);
        return members;
    }

    private sealed record Known(ImmutableArray<FleetMember> Members, DateTimeOffset At);
}
