namespace Tidegate.Simulator;

/// <summary>One control plane process: where it may be killed or stopped, and that a dead one does nothing more.</summary>
/// <param name="name">Its name in leases.</param>
/// <param name="plan">Decides at each point what happens to it.</param>
public sealed class SimulatedProcess(string name, IPointPlan plan)
{
    private bool isDead;

    public string Name => name;

    /// <summary>A place between two effects, or between an effect and its record.</summary>
    /// <exception cref="SimulatedCrashException">The process was killed here, or before.</exception>
    public async ValueTask PointAsync(string place)
    {
        ThrowIfDead();
        switch (plan.Next(place))
        {
            case PointAction.Crash:
                isDead = true;
                break;
            case PointAction.Freeze freeze:
                await freeze.Until;
                break;
            case PointAction.GoOn:
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }

        ThrowIfDead();
    }

    private void ThrowIfDead()
    {
        if (isDead)
        {
            throw new SimulatedCrashException(name);
        }
    }
}

/// <summary>What happens to a process at a point.</summary>
public abstract record PointAction
{
    private PointAction() { }

    public sealed record GoOn : PointAction
    {
        public static readonly GoOn Instance = new();
    }

    /// <summary>As <c>kill -9</c>.</summary>
    public sealed record Crash : PointAction;

    /// <summary>As <c>SIGSTOP</c>, until the task ends.</summary>
    public sealed record Freeze(Task Until) : PointAction;
}

/// <summary>Decides what happens at each point; shared by a process and its successors.</summary>
public interface IPointPlan
{
    PointAction Next(string place);
}

/// <summary>Kills whoever reaches certain points, counted from 1 over all processes; counts them all.</summary>
public sealed class CrashPlan(Func<int, bool> crashesAt) : IPointPlan
{
    /// <summary>Points passed so far.</summary>
    public int Points { get; private set; }

    public int Crashes { get; private set; }

    /// <summary>Nobody is killed.</summary>
    public static CrashPlan Never() => new(_ => false);

    public PointAction Next(string place)
    {
        Points++;
        if (!crashesAt(Points))
        {
            return PointAction.GoOn.Instance;
        }

        Crashes++;
        return new PointAction.Crash();
    }
}

/// <summary>Stops whoever reaches one point, until told otherwise.</summary>
public sealed class FreezePlan(int at) : IPointPlan
{
    private readonly TaskCompletionSource thaw = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> frozen = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int points;

    /// <summary>Ends when the process stops, with the place; never when it does not come so far.</summary>
    public Task<string> Frozen => frozen.Task;

    public PointAction Next(string place)
    {
        if (++points != at)
        {
            return PointAction.GoOn.Instance;
        }

        frozen.SetResult(place);
        return new PointAction.Freeze(thaw.Task);
    }

    public void Thaw() => thaw.SetResult();
}

/// <summary>Ends a simulated process; whoever started it starts another.</summary>
public sealed class SimulatedCrashException(string process) : Exception($"{process} was killed");
