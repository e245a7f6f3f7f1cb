using Microsoft.Extensions.Time.Testing;
using Tidegate.Gateway.Holding;

namespace Tidegate.Tests.Gateway;

public sealed class TenantGateTests
{
    private readonly FakeTimeProvider clock = new();

    [Fact]
    public void Held_requests_go_in_the_order_they_came_and_later_ones_queue_behind_them()
    {
        using var gate = new TenantGate(clock);
        gate.Hold(Lease());
        HeldInTest[] held = [Wait(gate), Wait(gate), Wait(gate)];

        gate.Release();
        var late = Wait(gate);

        Assert.Equal([true, false, false, false], new[] { held[0], held[1], held[2], late }.Select(IsAdmitted));
        gate.Started(held[0]);
        Assert.Equal([true, true, false, false], new[] { held[0], held[1], held[2], late }.Select(IsAdmitted));
        gate.Started(held[1]);
        gate.Started(held[2]);
        Assert.True(IsAdmitted(late));
        Assert.IsType<GateMode.Open>(gate.Mode);
    }

    [Fact]
    public void A_release_lets_only_so_many_run_at_a_time()
    {
        using var gate = new TenantGate(clock, releaseSlots: 1);
        gate.Hold(Lease());
        HeldInTest[] held = [Wait(gate), Wait(gate)];
        gate.Release();
        gate.Started(held[0]);

        Assert.False(held[1].Outcome.IsCompleted);
        gate.Leave(held[0]);

        Assert.True(IsAdmitted(held[1]));
    }

    [Fact]
    public void A_long_poll_takes_no_place_of_the_release()
    {
        using var gate = new TenantGate(clock, releaseSlots: 1);
        gate.Hold(Lease());
        HeldInTest[] held = [Wait(gate, isPaced: false), Wait(gate, isPaced: false), Wait(gate)];

        gate.Release();
        Array.ForEach(held, gate.Started);

        Assert.All(held, each => Assert.True(IsAdmitted(each)));
    }

    [Fact]
    public async Task A_client_that_is_gone_at_its_turn_is_passed_over()
    {
        using var gate = new TenantGate(clock);
        gate.Hold(Lease());
        var gone = new HeldInTest(isGone: true);
        gate.Wait(gone, 0);
        var there = Wait(gate);

        gate.Release();

        Assert.Equal(Admission.Gone, await gone.Outcome);
        Assert.True(IsAdmitted(there));
    }

    [Fact]
    public async Task A_lease_that_is_not_renewed_becomes_maintenance_and_never_opens()
    {
        using var gate = new TenantGate(clock);
        gate.Hold(Lease(seconds: 60));
        var held = Wait(gate);

        clock.Advance(TimeSpan.FromSeconds(61));

        Assert.Equal(Admission.Refused, await held.Outcome);
        Assert.Contains("not renewed", Assert.IsType<GateMode.Maintenance>(gate.Mode).Reason, StringComparison.Ordinal);
        Assert.False(gate.TryEnter());
    }

    [Fact]
    public void A_renewed_lease_holds_on_until_the_bound()
    {
        using var gate = new TenantGate(clock);
        gate.Hold(Lease(seconds: 60, bound: 100));
        clock.Advance(TimeSpan.FromSeconds(50));
        gate.Hold(Lease(seconds: 60, bound: 50));
        clock.Advance(TimeSpan.FromSeconds(40));
        Assert.IsType<GateMode.Holding>(gate.Mode);

        clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Contains("bound", Assert.IsType<GateMode.Maintenance>(gate.Mode).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_request_over_the_number_or_the_bytes_is_refused_and_the_others_wait_on()
    {
        using var gate = new TenantGate(clock);
        gate.Hold(Lease(requests: 2, bytes: 10));
        var (first, second, third) = (Wait(gate), Wait(gate), Wait(gate));

        Assert.Equal(Admission.Refused, await third.Outcome);
        Assert.True(gate.TryKeep(first, 10));
        Assert.False(gate.TryKeep(second, 1));

        Assert.Equal(Admission.Refused, await second.Outcome);
        Assert.False(first.Outcome.IsCompleted);
        Assert.Equal((1, 10L), gate.Held);
    }

    [Fact]
    public void Handshakes_are_refused_while_the_gate_is_shut_and_never_wait()
    {
        using var gate = new TenantGate(clock);
        Assert.Equal(Admission.Admitted, gate.EnterHandshake());
        gate.Hold(Lease());

        Assert.Equal(Admission.Refused, gate.EnterHandshake());
        Assert.Equal(1, gate.InFlight);
    }

    private static bool IsAdmitted(HeldRequest request) => request.Decided == Admission.Admitted;

    private static HeldInTest Wait(TenantGate gate, bool isPaced = true)
    {
        var request = new HeldInTest(isPaced: isPaced);
        gate.Wait(request, 0);
        return request;
    }

    private HoldLease Lease(double seconds = 60, double bound = 600, int requests = 100, long bytes = 1000)
    {
        var now = clock.GetUtcNow();
        return new("u-1", now.AddSeconds(seconds), now.AddSeconds(bound), new HoldLimits(requests, bytes));
    }
}
