using Tidegate.ControlPlane.Drills;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Objectives;

namespace Tidegate.Drivers.Drills;

/// <summary>Plays one loss through, beside production.</summary>
internal interface IScenario
{
    DrillScenario Scenario { get; }

    /// <summary>Plays it to its end; what it made beside the site is removed by whoever called.</summary>
    /// <exception cref="JobFailedException">The loss could not be recovered from.</exception>
    Task<DrillMeasurement> PlayAsync(Stage stage, CancellationToken cancellationToken);
}
