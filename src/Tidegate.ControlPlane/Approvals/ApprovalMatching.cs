using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Approvals;

/// <summary>
/// Fills as many slots as can be filled at all, where each person counts once and each person's place is taken once: a
/// maximum flow from slots over places to people. Slots that come first are filled first. First-fit would give the only
/// person of a group away to a requirement that others could meet.
/// </summary>
internal static class ApprovalMatching
{
    /// <returns>For each slot who fills it; null where nobody does.</returns>
    public static ImmutableArray<FilledSlot?> Match(IEnumerable<Voter> voters, ImmutableArray<ApprovalSlot> slots)
    {
        var people = voters.OrderBy(voter => voter.Person, StringComparer.Ordinal).ToList();
        var seats = people
            .SelectMany(voter => voter.Seats)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .ToList();
        var nodes = new Nodes(slots.Length, seats.Count);
        var flow = new UnitFlow(nodes.Person(people.Count));
        for (var seat = 0; seat < seats.Count; seat++)
        {
            flow.Join(nodes.SeatIn(seat), nodes.SeatOut(seat));
        }

        for (var person = 0; person < people.Count; person++)
        {
            foreach (var seat in people[person].Seats.Distinct(StringComparer.Ordinal))
            {
                flow.Join(nodes.SeatOut(seats.IndexOf(seat)), nodes.Person(person));
            }

            flow.Join(nodes.Person(person), Nodes.End);
        }

        for (var slot = 0; slot < slots.Length; slot++)
        {
            for (var seat = 0; seat < seats.Count; seat++)
            {
                if (slots[slot].Fits(seats[seat]))
                {
                    flow.Join(nodes.Slot(slot), nodes.SeatIn(seat));
                }
            }

            // What is filled stays filled: who fills it may change.
            flow.Push(nodes.Slot(slot), Nodes.End);
        }

        return
        [
            .. Enumerable
                .Range(0, slots.Length)
                .Select(slot =>
                    flow.Next(nodes.Slot(slot)) is { } seat
                        ? new FilledSlot(
                            people[nodes.PersonOf(flow.Next(nodes.SeatOut(nodes.SeatOf(seat)))!.Value)].Person,
                            seats[nodes.SeatOf(seat)]
                        )
                        : null
                ),
        ];
    }

    private sealed record Nodes(int Slots, int Seats)
    {
        public const int End = 0;

        public int Slot(int number) => 1 + number;

        public int SeatIn(int number) => 1 + Slots + (2 * number);

        public int SeatOut(int number) => SeatIn(number) + 1;

        public int SeatOf(int seatIn) => (seatIn - 1 - Slots) / 2;

        public int Person(int number) => 1 + Slots + (2 * Seats) + number;

        public int PersonOf(int node) => node - 1 - Slots - (2 * Seats);
    }

    /// <summary>A network in which each edge carries one or nothing.</summary>
    private sealed class UnitFlow(int nodes)
    {
        private readonly List<Edge>[] _from = [.. Enumerable.Range(0, nodes).Select(_ => new List<Edge>())];

        public void Join(int from, int to)
        {
            var (there, back) = (new Edge(to, isForward: true), new Edge(from, isForward: false));
            (there.Twin, back.Twin) = (back, there);
            there.IsOpen = true;
            _from[from].Add(there);
            _from[to].Add(back);
        }

        /// <summary>Sends one more from a node to the other, over whatever way there still is.</summary>
        public bool Push(int from, int to)
        {
            var seen = new bool[_from.Length];
            return Push(from, to, seen);
        }

        /// <summary>Where what a node got goes on to; null where it got nothing.</summary>
        public int? Next(int node) => _from[node].Find(edge => edge is { IsForward: true, IsOpen: false })?.To;

        private bool Push(int at, int to, bool[] seen)
        {
            if (at == to)
            {
                return true;
            }

            seen[at] = true;
            foreach (var edge in _from[at])
            {
                if (edge.IsOpen && !seen[edge.To] && Push(edge.To, to, seen))
                {
                    (edge.IsOpen, edge.Twin.IsOpen) = (false, true);
                    return true;
                }
            }

            return false;
        }

        private sealed class Edge(int to, bool isForward)
        {
            public int To => to;

            public bool IsForward => isForward;

            public bool IsOpen { get; set; }

            public Edge Twin { get; set; } = null!;
        }
    }
}
