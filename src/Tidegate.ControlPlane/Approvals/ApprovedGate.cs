using System.Collections.Immutable;
using System.Globalization;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Approvals;

/// <summary>
/// Whether everybody has agreed who has to. Who asked, who wrote what comes, and service accounts count for nothing; one
/// person counts once, in whatever groups; what was said of another plan is void; a rejection stops.
/// </summary>
public static class ApprovedGate
{
    public const string Name = "approved";

    private const int MostNamed = 5;

    private static readonly ApprovalRequirement One = new("authors unknown");

    public static ApprovalOutcome Ask(ApprovalFacts facts, DateTimeOffset now)
    {
        var excluded = Excluded(facts);
        var (voters, uncounted) = Voters(facts, excluded, now);
        var slots = Slots(facts);
        var filled = ApprovalMatching.Match(voters, slots);
        var met = facts
            .Requirements.Select(
                (requirement, place) =>
                    Met(requirement, place, slots, filled) with
                    {
                        CouldGive = CouldGive(facts, excluded, voters, slots, filled, place, now),
                    }
            )
            .ToImmutableArray();
        var extra = facts.Unknown() is null
            ? null
            : Met(One, null, slots, filled) with
            {
                CouldGive = CouldGive(facts, excluded, voters, slots, filled, null, now),
            };
        return new(
            GateReasons.Answer(
                Name,
                [.. Rejected(facts), .. Missing(facts, met, uncounted)],
                [.. Unknown(facts, extra)]
            ),
            met,
            uncounted,
            extra
        );
    }

    /// <summary>Which of a policy's requirements speak of this work.</summary>
    public static ImmutableArray<ApprovalRequirement> Applying(ApprovalPolicy policy, ApprovalSubject subject) =>
        [.. policy.Requirements.Where(requirement => subject.IsMeantBy(requirement.When))];

    /// <summary>People who asked for it, or who wrote it: none of them agrees to it.</summary>
    private static Dictionary<string, string> Excluded(ApprovalFacts facts)
    {
        var excluded = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var author in facts.Authors.Names)
        {
            excluded[facts.People.Of(author)] = "wrote some of what it brings";
        }

        foreach (var requester in facts.Requesters)
        {
            excluded[facts.People.Of(requester)] = "asked for it";
        }

        return excluded;
    }

    private static (ImmutableArray<Voter>, ImmutableArray<UncountedStatement>) Voters(
        ApprovalFacts facts,
        Dictionary<string, string> excluded,
        DateTimeOffset now
    )
    {
        var seats = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        var uncounted = ImmutableArray.CreateBuilder<UncountedStatement>();
        foreach (var statement in InOrder(facts.Statements))
        {
            var person = facts.People.Of(statement.By);
            if (WhyVoid(facts, excluded, statement, person, now) is { } why)
            {
                uncounted.Add(new(statement, why));
            }
            else if (statement.Said is ApprovalSaid.Approved)
            {
                var places = Seats(facts, excluded, person, statement.At).ToList();
                if (places.Exists(place => facts.Requirements.Any(each => facts.People.MayMeet(place, each))))
                {
                    seats.TryAdd(person, new(StringComparer.Ordinal));
                    seats[person].UnionWith(places);
                }
                else
                {
                    uncounted.Add(new(statement, $"{statement.By} is in nothing that the policy names"));
                }
            }
        }

        return ([.. seats.Select(voter => new Voter(voter.Key, [.. voter.Value]))], uncounted.ToImmutable());
    }

    /// <summary>Whatever order they are given in, they say the same.</summary>
    private static IEnumerable<ApprovalStatement> InOrder(IEnumerable<ApprovalStatement> statements) =>
        statements
            .OrderBy(statement => statement.At)
            .ThenBy(statement => statement.By, StringComparer.Ordinal)
            .ThenBy(statement => statement.Said)
            .ThenBy(statement => statement.Until);

    private static string? WhyVoid(
        ApprovalFacts facts,
        Dictionary<string, string> excluded,
        ApprovalStatement statement,
        string person,
        DateTimeOffset now
    )
    {
        if (statement.IsService)
        {
            return $"{statement.By} is a service account";
        }

        if (facts.Binding.ChangedSince(statement.Binding) is { IsEmpty: false } changed)
        {
            return $"it is void: since it was said, {string.Join(" and ", changed)} changed";
        }

        return statement.Said is ApprovalSaid.Rejected ? null
            : excluded.TryGetValue(person, out var why) ? $"{person} {why}"
            : statement.Until <= now
                ? string.Create(CultureInfo.InvariantCulture, $"it ended at {statement.Until.ToUniversalTime():u}")
            : null;
    }

    /// <summary>In whose places a person agrees at an instant: the own one, and what was delegated then by somebody who might agree.</summary>
    private static IEnumerable<string> Seats(
        ApprovalFacts facts,
        Dictionary<string, string> excluded,
        string person,
        DateTimeOffset at
    ) =>
        facts
            .Delegations.Where(delegation => delegation.To == person && delegation.Begins <= at && at < delegation.Ends)
            .Select(delegation => delegation.From)
            .Where(from => !excluded.ContainsKey(from))
            .Prepend(person)
            .Distinct(StringComparer.Ordinal);

    /// <summary>Of each requirement those that must be of a certain group, then the others; last the one more for unknown authorship.</summary>
    private static ImmutableArray<ApprovalSlot> Slots(ApprovalFacts facts)
    {
        var slots = ImmutableArray.CreateBuilder<ApprovalSlot>();
        for (var place = 0; place < facts.Requirements.Length; place++)
        {
            var requirement = facts.Requirements[place];
            foreach (var group in requirement.Including)
            {
                slots.Add(new(place, person => facts.People.Means(group, person)));
            }

            for (var more = requirement.Including.Length; more < requirement.Count; more++)
            {
                slots.Add(new(place, person => facts.People.MayMeet(person, requirement)));
            }
        }

        if (facts.Unknown() is not null)
        {
            slots.Add(new(null, person => facts.Requirements.Any(each => facts.People.MayMeet(person, each))));
        }

        return slots.ToImmutable();
    }

    private static MetRequirement Met(
        ApprovalRequirement requirement,
        int? place,
        ImmutableArray<ApprovalSlot> slots,
        ImmutableArray<FilledSlot?> filled
    ) =>
        new(
            requirement,
            [
                .. filled
                    .Where((slot, number) => slot is not null && slots[number].Requirement == place)
                    .Select(slot => new CountedApproval(slot!.Person, slot.Seat == slot.Person ? null : slot.Seat)),
            ],
            []
        );

    /// <summary>Whoever has not agreed and would fill one more slot of the requirement by agreeing now.</summary>
    private static ImmutableArray<string> CouldGive(
        ApprovalFacts facts,
        Dictionary<string, string> excluded,
        ImmutableArray<Voter> voters,
        ImmutableArray<ApprovalSlot> slots,
        ImmutableArray<FilledSlot?> filled,
        int? place,
        DateTimeOffset now
    )
    {
        var before = Count(filled, slots, place);
        if (before == slots.Count(slot => slot.Requirement == place))
        {
            return [];
        }

        return
        [
            .. facts
                .People.All.Select(person => person.Name)
                .Where(person => !excluded.ContainsKey(person) && voters.All(voter => voter.Person != person))
                .Order(StringComparer.Ordinal)
                .Where(person =>
                    Count(
                        ApprovalMatching.Match(
                            voters.Add(new(person, [.. Seats(facts, excluded, person, now)])),
                            slots
                        ),
                        slots,
                        place
                    ) > before
                ),
        ];
    }

    private static int Count(ImmutableArray<FilledSlot?> filled, ImmutableArray<ApprovalSlot> slots, int? place) =>
        filled.Where((slot, number) => slot is not null && slots[number].Requirement == place).Count();

    private static IEnumerable<GateReason> Rejected(ApprovalFacts facts) =>
        InOrder(facts.Statements)
            .Where(statement =>
                statement is { Said: ApprovalSaid.Rejected, IsService: false }
                && facts.Binding.ChangedSince(statement.Binding).IsEmpty
            )
            .Select(statement => new GateReason(
                "approval-rejected",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{facts.People.Of(statement.By)} rejected it at {statement.At.ToUniversalTime():u}: {statement.Reason}"
                ),
                $"{facts.People.Of(statement.By)}, or whoever changes the plan",
                "tidegate approval withdraw takes a rejection back"
            ));

    private static IEnumerable<GateReason> Missing(
        ApprovalFacts facts,
        ImmutableArray<MetRequirement> met,
        ImmutableArray<UncountedStatement> uncounted
    )
    {
        foreach (var each in met.Where(each => each.Missing > 0))
        {
            var counted = each.Counted.IsEmpty
                ? ""
                : $" {string.Join(", ", each.Counted.Select(Words))} agreed, {each.Missing} more {(each.Missing == 1 ? "is" : "are")} missing.";
            yield return new(
                "approval-missing",
                $"{each.Requirement.Name} asks for {Words(each.Requirement)}.{counted}",
                Givers(each.CouldGive),
                each.CouldGive.IsEmpty
                    ? "change who may agree in the fleet's root or in the policy, in git"
                    : "tidegate approval list, then tidegate approval give"
            );
        }

        if (met.Any(each => each.Missing > 0))
        {
            foreach (var said in uncounted.Where(said => said.Statement.Said is ApprovalSaid.Approved).Take(MostNamed))
            {
                yield return new(
                    "approval-not-counted",
                    $"that {facts.People.Of(said.Statement.By)} agreed does not count: {said.Why}.",
                    Clearing.Nobody,
                    "somebody else has to agree, or the same person again to what is planned now"
                );
            }
        }
    }

    private static IEnumerable<GateReason> Unknown(ApprovalFacts facts, MetRequirement? extra)
    {
        if (extra is { Missing: > 0 })
        {
            yield return new(
                "approval-authors-unknown",
                $"who wrote it cannot be told, so one more has to agree than the policy asks for: {facts.Unknown()}",
                Givers(extra.CouldGive),
                extra.CouldGive.IsEmpty
                    ? "sign the commits, or name in the fleet's root whose addresses and keys they are"
                    : "tidegate approval give, or sign the commits"
            );
        }
    }

    private static string Givers(ImmutableArray<string> people) =>
        people switch
        {
            [] => "nobody who is left: the others are not enough",
            _ => string.Join(", ", people.Take(MostNamed))
                + (
                    people.Length > MostNamed
                        ? string.Create(CultureInfo.InvariantCulture, $" or {people.Length - MostNamed} others")
                        : ""
                ),
        };

    private static string Words(CountedApproval counted) =>
        counted.InPlaceOf is { } place ? $"{counted.Person} in the place of {place}" : counted.Person;

    private static string Words(ApprovalRequirement requirement)
    {
        var from = string.Create(
            CultureInfo.InvariantCulture,
            $"{requirement.Count} of {string.Join(", ", requirement.From)}"
        );
        return requirement.Including.IsEmpty
            ? from
            : $"{from}, with at least one of {string.Join(" and of ", requirement.Including)}";
    }
}
