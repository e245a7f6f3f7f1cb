using Tidegate.Simulator;

namespace Tidegate.Bench.Plan;

/// <summary>Kills the control plane in every so-manieth step, each time a point deeper into it than the time before.</summary>
internal sealed class StepCrashPlan(int every) : IPointPlan
{
    // A step passes six to twelve points, its claim and its record among them.
    private const int Depths = 7;

    private bool isClaimed;
    private int pointsToLive = -1;

    public int Steps { get; private set; }

    public int Crashes { get; private set; }

    public PointAction Next(string place)
    {
        if (place is "claim" && (isClaimed = !isClaimed) && ++Steps % every == 0)
        {
            pointsToLive = Steps / every % Depths;
        }

        if (pointsToLive-- != 0)
        {
            return PointAction.GoOn.Instance;
        }

        Crashes++;
        isClaimed = false;
        return new PointAction.Crash();
    }
}
