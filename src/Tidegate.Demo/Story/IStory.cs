using Tidegate.Demo.Reporting;

namespace Tidegate.Demo.Story;

/// <summary>What the demo can tell.</summary>
internal interface IStory
{
    /// <summary>The shops that it is about.</summary>
    StoryFleet Fleet { get; }

    /// <summary>The releases after the first, which are made before it begins.</summary>
    IReadOnlyList<Chapter> Chapters { get; }

    /// <summary>Tells it with shops that are open.</summary>
    /// <exception cref="StoryException">It cannot go on.</exception>
    Task<StoryEnd> TellAsync(OpenFleet open, CancellationToken cancellationToken);
}

/// <summary>What came of a story.</summary>
/// <param name="Rollouts">In order.</param>
/// <param name="Deviations">What did not come out as the story has it; empty when all did.</param>
internal sealed record StoryEnd(IReadOnlyList<RolloutReport> Rollouts, IReadOnlyList<string> Deviations);
