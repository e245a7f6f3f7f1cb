using Microsoft.Extensions.Logging.Abstractions;
using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Simulator.Steps;
using Tidegate.Simulator.Stores;
using Tidegate.Simulator.World;

namespace Tidegate.Simulator;

/// <summary>One rollout on a fleet in memory, carried out by the real engine.</summary>
public sealed class Simulation
{
    private readonly FaultPlan faults;
    private readonly bool hasTraffic;
    private readonly NewRollout rollout;
    private int processes;

    private Simulation(NewRollout rollout, SimulatedSite site, FaultPlan faults, bool hasTraffic)
    {
        this.rollout = rollout;
        this.faults = faults;
        this.hasTraffic = hasTraffic;
        Clock = new(rollout.Now);
        Store = new(Clock);
        Site = site;
    }

    public VirtualClock Clock { get; }

    public InMemoryRolloutStore Store { get; }

    public SimulatedSite Site { get; }

    /// <summary>The calendars in force; none at first.</summary>
    public CalendarSet Calendars { get; set; } = CalendarSet.None;

    public RolloutOutcome? Outcome => Store.OutcomeOf(rollout.Id);

    /// <summary>Upgrades whose tenants run the new release.</summary>
    public IReadOnlySet<UpgradeId> Completed =>
        Store
            .Upgrades.Where(upgrade =>
                upgrade.Ending is UpgradeEnding.Completed or UpgradeEnding.CompletedWithException
            )
            .Select(upgrade => upgrade.Id)
            .ToHashSet();

    /// <summary>Starts the rollout; nothing is done yet.</summary>
    /// <param name="hasTraffic">Whether users place orders all along.</param>
    public static Task<Simulation> StartAsync(
        NewRollout rollout,
        FaultPlan faults,
        bool hasTraffic,
        CancellationToken cancellationToken
    ) => StartAsync(rollout, SimulatedSite.Of(rollout.Plan), faults, cancellationToken, hasTraffic);

    /// <summary>The same on a site that is there already.</summary>
    public static async Task<Simulation> StartAsync(
        NewRollout rollout,
        SimulatedSite site,
        FaultPlan faults,
        CancellationToken cancellationToken,
        bool hasTraffic = false
    )
    {
        var simulation = new Simulation(rollout, site, faults, hasTraffic);
        return await simulation.Store.StartAsync(rollout, cancellationToken) is StartRolloutResult.Refused refused
            ? throw new InvalidOperationException(refused.Reason)
            : simulation;
    }

    /// <summary>A new control plane process over the same store and site.</summary>
    public RolloutEngine NewEngine(IPointPlan points)
    {
        var process = new SimulatedProcess($"engine-{++processes}", points);
        var options = new EngineOptions
        {
            Owner = process.Name,
            Sites = [.. rollout.Sites.Values.Select(site => site.Value).Distinct(StringComparer.Ordinal)],
        };
        return new(
            new ProcessStore(Store, process),
            SimulatedSteps.All(new(Site, process, faults, hasTraffic)),
            new NoLease(),
            new StartRules(new StartCalendar(new SetCalendars(this), Store), Store),
            options,
            Clock,
            NullLogger<RolloutEngine>.Instance
        );
    }

    /// <summary>Goes on until nothing is left to do; a process that is killed is followed by another.</summary>
    /// <param name="afterCrash">Called when one was killed, before its successor begins.</param>
    public async Task RunAsync(IPointPlan points, Action? afterCrash, CancellationToken cancellationToken)
    {
        var engine = NewEngine(points);
        while (true)
        {
            try
            {
                if (!await engine.TurnAsync(cancellationToken) && !PassTime())
                {
                    return;
                }
            }
            catch (SimulatedCrashException)
            {
                // What this simulation is about: the successor finds what the dead one left.
                afterCrash?.Invoke();
                engine = NewEngine(points);
            }
        }
    }

    /// <summary>Moves on to the next thing that becomes due; false when there is none.</summary>
    public bool PassTime()
    {
        if (Store.NextDue is not { } next)
        {
            return false;
        }

        // A lease is lost just after it has run out, not at that instant.
        Clock.AdvanceTo(next + TimeSpan.FromMilliseconds(1));
        return true;
    }

    private sealed class SetCalendars(Simulation simulation) : ICalendars
    {
        public Task<CalendarSet> InForceAsync(CancellationToken cancellationToken) =>
            Task.FromResult(simulation.Calendars);
    }

    /// <summary>The simulated gateway's holds do not run out.</summary>
    private sealed class NoLease : IUpgradeLease
    {
        public Task RenewAsync(StepContext context, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
