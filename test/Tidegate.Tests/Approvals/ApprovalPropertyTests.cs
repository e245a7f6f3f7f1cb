using System.Collections.Immutable;
using CsCheck;
using Tidegate.ControlPlane.Approvals;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.Tests.Approvals;

public sealed class ApprovalPropertyTests
{
    private static readonly string[] Names = ["p1", "p2", "p3", "p4", "p5"];
    private static readonly string[] GroupNames = ["g1", "g2", "g3"];

    private static readonly Gen<People> AnyPeople = OneOf(Names)
        .Array[0, 5]
        .Array[3]
        .Select(members => new People(
            [.. Names.Select(name => new Person(name) { Accounts = [$"{name}-admin"] })],
            [.. members.Select((of, place) => new Group(GroupNames[place], [.. of.Distinct()]))]
        ));

    private static readonly Gen<ApprovalRequirement> AnyRequirement = Gen.Select(
        Gen.Int[1, 3],
        OneOf([.. GroupNames, .. Names]).Array[1, 3],
        OneOf(GroupNames).Array[0, 1],
        (count, from, including) =>
            new ApprovalRequirement("r")
            {
                Count = Math.Max(count, including.Length),
                From = [.. from.Distinct()],
                Including = [.. including],
            }
    );

    private static readonly Gen<ApprovalStatement> AnyStatement = Gen.Select(
        OneOf([.. Names, .. Names.Select(name => $"{name}-admin"), "stranger"]),
        Gen.Int[0, 100],
        Gen.Frequency((9, Gen.Const(ApprovalSaid.Approved)), (1, Gen.Const(ApprovalSaid.Rejected))),
        Gen.Frequency((9, Gen.Const(false)), (1, Gen.Const(true))),
        Gen.Frequency((9, Gen.Const(Agreed.Plan)), (1, Gen.Const(Agreed.Plan with { Plan = "sha256:before" }))),
        (who, minutes, said, robot, plan) =>
            Agreed.By(who, Agreed.Noon.AddMinutes(-minutes)) with
            {
                Said = said,
                IsService = robot,
                Binding = plan,
                Reason = "r",
                Until = Agreed.Noon.AddMinutes(50 - minutes),
            }
    );

    private static readonly Gen<Delegation> AnyDelegation = Gen.Select(
        OneOf(Names),
        OneOf(Names),
        Gen.Int[0, 100],
        (from, to, minutes) =>
            new Delegation(from, to, Agreed.Noon.AddMinutes(-minutes), Agreed.Noon.AddMinutes(30 - minutes))
    );

    private static readonly Gen<ApprovalFacts> AnyFacts = Gen.Select(
        AnyPeople,
        AnyRequirement.Array[1, 2],
        OneOf(Names),
        Gen.Select(OneOf(Names).Array[0, 1], Gen.Bool.Select(isSigned => isSigned ? null : "it is not signed.")),
        AnyStatement.Array[0, 6],
        AnyDelegation.Array[0, 3],
        (people, requirements, requester, authors, statements, delegations) =>
            new ApprovalFacts(
                [.. requirements],
                people,
                Agreed.Plan,
                [requester],
                new([.. authors.Item1], authors.Item2),
                [.. statements],
                [.. delegations]
            )
    );

    [Fact]
    public void One_more_who_agrees_never_takes_an_approval_away() =>
        Gen.Select(AnyFacts, AnyStatement)
            .Sample(
                (facts, more) =>
                {
                    var agrees = more with { Said = ApprovalSaid.Approved };
                    return Rank(facts.With(agrees).Verdict(Agreed.Noon)) >= Rank(facts.Verdict(Agreed.Noon));
                }
            );

    [Fact]
    public void One_who_is_added_to_a_group_never_takes_an_approval_away() =>
        Gen.Select(AnyFacts, OneOf(Names), Gen.Int[0, 2])
            .Sample(
                (facts, name, group) =>
                {
                    var of = facts.People.Groups[group];
                    var wider = facts with
                    {
                        People = facts.People with
                        {
                            Groups = facts.People.Groups.SetItem(
                                group,
                                of with
                                {
                                    Members = [.. of.Members.Append(name).Distinct()],
                                }
                            ),
                        },
                    };
                    return Rank(wider.Verdict(Agreed.Noon)) >= Rank(facts.Verdict(Agreed.Noon));
                }
            );

    [Fact]
    public void No_order_in_which_things_are_said_or_delegated_changes_what_comes_of_it() =>
        Gen.Select(AnyFacts, Gen.Int[0, 10_000])
            .Sample(
                (facts, seed) =>
                {
                    var random = new Random(seed);
                    var other = facts with
                    {
                        Statements = Shuffled(facts.Statements, random),
                        Delegations = Shuffled(facts.Delegations, random),
                        People = facts.People with { All = Shuffled(facts.People.All, random) },
                    };
                    var (one, two) = (facts.Ask(Agreed.Noon), other.Ask(Agreed.Noon));
                    Assert.Equal(one.Answer.Verdict, two.Answer.Verdict);
                    Assert.Equal(one.Answer.Reasons, two.Answer.Reasons);
                    Assert.Equal(one.Uncounted, two.Uncounted);
                }
            );

    [Fact]
    public void A_person_in_however_many_groups_counts_once() =>
        AnyFacts.Sample(facts =>
        {
            var outcome = facts.Ask(Agreed.Noon);
            var counted = outcome
                .Requirements.Append(outcome.Extra)
                .SelectMany(met => met is null ? [] : met.Counted.AsEnumerable())
                .ToList();
            Assert.Distinct(counted.Select(each => each.Person));
            Assert.Distinct(counted.Select(each => each.InPlaceOf ?? each.Person));
            Assert.DoesNotContain(counted, each => facts.Requesters.Contains(each.Person));
            Assert.DoesNotContain(counted, each => facts.Authors.Names.Contains(each.Person));
        });

    [Fact]
    public void Whoever_is_named_as_one_who_could_agree_brings_it_further() =>
        AnyFacts.Sample(facts =>
        {
            var outcome = facts.Ask(Agreed.Noon);
            foreach (var met in outcome.Requirements)
            {
                foreach (var person in met.CouldGive)
                {
                    var after = facts.With(Agreed.By(person, Agreed.Noon)).Ask(Agreed.Noon);
                    Assert.True(
                        after.Requirements.Sum(each => each.Missing) < outcome.Requirements.Sum(each => each.Missing)
                    );
                }
            }
        });

    /// <summary>Against trying out every way in which people and places can be given to what is needed.</summary>
    [Fact]
    public void As_much_is_filled_as_can_be_filled_at_all() =>
        Gen.Select(Seats.Array[0, 4], Gen.Int[0, 15].Array[0, 4])
            .Sample(
                (voters, slots) =>
                {
                    ImmutableArray<Voter> all =
                    [
                        .. voters.Select((seats, place) => new Voter(Names[place], [.. seats])),
                    ];
                    ImmutableArray<ApprovalSlot> needed =
                    [
                        .. slots.Select(
                            (fits, place) =>
                                new ApprovalSlot(place, seat => (fits >> Array.IndexOf(Names, seat) & 1) == 1)
                        ),
                    ];
                    var filled = ApprovalMatching.Match(all, needed);
                    Assert.Equal(Most(all, needed, 0, [], []), filled.Count(slot => slot is not null));
                    for (var place = 0; place < filled.Length; place++)
                    {
                        if (filled[place] is { } by)
                        {
                            Assert.True(needed[place].Fits(by.Seat));
                            Assert.Contains(by.Seat, all.Single(voter => voter.Person == by.Person).Seats);
                        }
                    }
                }
            );

    private static Gen<string[]> Seats => OneOf(Names[..4]).Array[0, 3];

    private static int Most(
        ImmutableArray<Voter> voters,
        ImmutableArray<ApprovalSlot> slots,
        int slot,
        ImmutableHashSet<string> people,
        ImmutableHashSet<string> seats
    ) =>
        slot == slots.Length
            ? 0
            : voters
                .Where(voter => !people.Contains(voter.Person))
                .SelectMany(voter =>
                    voter
                        .Seats.Where(seat => !seats.Contains(seat) && slots[slot].Fits(seat))
                        .Select(seat => 1 + Most(voters, slots, slot + 1, people.Add(voter.Person), seats.Add(seat)))
                )
                .Append(Most(voters, slots, slot + 1, people, seats))
                .Max();

    private static Gen<string> OneOf(string[] words) => Gen.Int[0, words.Length - 1].Select(place => words[place]);

    private static int Rank(GateVerdict verdict) =>
        verdict switch
        {
            GateVerdict.Pass => 2,
            GateVerdict.Inconclusive => 1,
            _ => 0,
        };

    private static ImmutableArray<T> Shuffled<T>(ImmutableArray<T> items, Random random)
    {
        var all = items.ToArray();
        random.Shuffle(all);
        return [.. all];
    }
}
