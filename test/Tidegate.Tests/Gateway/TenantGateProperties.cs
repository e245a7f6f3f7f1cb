using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Tidegate.Gateway.Holding;

namespace Tidegate.Tests.Gateway;

/// <summary>Any order of arrivals, ends, give-ups, holds, releases and lapses keeps the gate's promises.</summary>
public sealed class TenantGateProperties
{
    private enum Event
    {
        Arrives,
        ArrivesToo,
        Ends,
        GivesUp,
        HoldBegins,
        Released,
        TimePasses,
    }

    [Fact]
    public void A_gate_keeps_its_promises_whatever_happens_in_whatever_order() =>
        Gen.Enum<Event>()
            .Array[1, 80]
            .Sample(
                events =>
                {
                    using var play = new Play();
                    play.Run(events);
                },
                iter: 3_000
            );

    private sealed class Play : IDisposable
    {
        private readonly FakeTimeProvider clock = new();
        private readonly List<HeldRequest> waiting = [];
        private readonly List<HeldRequest?> running = [];
        private readonly Dictionary<HeldRequest, int> numbers = [];
        private readonly List<int> admitted = [];
        private readonly TenantGate gate;

        public Play() => gate = new TenantGate(clock, releaseSlots: 2);

        public void Run(Event[] events)
        {
            foreach (var each in events)
            {
                var wasHolding = gate.Mode is GateMode.Holding;
                Happens(each);
                Settle();

                Assert.False(each == Event.TimePasses && wasHolding && gate.Mode is GateMode.Open);
                Assert.Equal(running.Count, gate.InFlight);
                Assert.Equal((waiting.Count, waiting.Count), gate.Held);
                Assert.True(
                    waiting.Count == 0 || gate.Mode is GateMode.Holding or GateMode.Releasing,
                    "somebody waits where nobody will call"
                );
            }

            gate.Release();
            for (Settle(); waiting.Count > 0; Settle())
            {
                running.ForEach(gate.Leave);
                running.Clear();
            }

            Assert.IsType<GateMode.Open>(gate.Mode);
            Assert.Equal(admitted.Order(), admitted);
        }

        public void Dispose() => gate.Dispose();

        private void Happens(Event each)
        {
            switch (each)
            {
                case Event.Arrives or Event.ArrivesToo:
                    Arrive();
                    break;
                case Event.Ends when running.Count > 0:
                    var ended = running[0];
                    running.RemoveAt(0);
                    gate.Leave(ended);
                    break;
                case Event.GivesUp when waiting.Count > 0:
                    gate.GiveUp(waiting[^1]);
                    break;
                case Event.HoldBegins:
                    var now = clock.GetUtcNow();
                    gate.Hold(new("u-1", now.AddSeconds(30), now.AddSeconds(300), new HoldLimits(5, 5)));
                    break;
                case Event.Released:
                    gate.Release();
                    break;
                case Event.TimePasses:
                    clock.Advance(TimeSpan.FromSeconds(31));
                    break;
                default:
                    break; // nobody is there to end or to give up
            }
        }

        private void Arrive()
        {
            if (gate.TryEnter())
            {
                running.Add(null);
                return;
            }

            var request = new HeldInTest();
            numbers[request] = numbers.Count;
            waiting.Add(request);
            gate.Wait(request, 1);
        }

        // What the request path does when a decision falls.
        private void Settle()
        {
            while (waiting.Find(each => each.Decided is not null) is { } decided)
            {
                waiting.Remove(decided);
                if (decided.Decided == Admission.Admitted)
                {
                    admitted.Add(numbers[decided]);
                    running.Add(decided);
                    gate.Started(decided);
                }
            }
        }
    }
}
