using Tidegate.Demo.Reporting;
using Tidegate.Demo.Story;

namespace Tidegate.Demo.Screens;

/// <summary>Where the story is shown: a terminal that can redraw, or plain lines.</summary>
internal interface IScreen
{
    /// <summary>Says that something begins which takes a while; disposing the answer says how long it took.</summary>
    IAsyncDisposable Begin(string what);

    void Say(string line);

    /// <summary>Shows a rollout until it has ended. The last progress.</summary>
    Task<RolloutProgress> FollowAsync(string title, IAsyncEnumerable<RolloutProgress> rollout);

    /// <summary>Shows what came of all rollouts.</summary>
    void Summarise(DemoReport report);
}
