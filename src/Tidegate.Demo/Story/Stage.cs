using Tidegate.Cli.Client;
using Tidegate.Contracts.Rollouts;
using Tidegate.Demo.Screens;

namespace Tidegate.Demo.Story;

/// <summary>Where commands are run and shown, and what they should have said is compared with what they did.</summary>
internal sealed class Stage(Operator @operator, ControlPlaneClient controlPlane, IScreen screen)
{
    private const int LinesShown = 14;

    /// <summary>What did not come out as told.</summary>
    public List<string> Deviations { get; } = [];

    public void Scene(string title)
    {
        screen.Say("");
        screen.Say(title);
    }

    public void Say(string line) => screen.Say($"  {line}");

    /// <summary>Runs a command and shows it with its answer.</summary>
    public Task<CommandAnswer> ShowAsync(CancellationToken cancellationToken, params string[] words) =>
        ShowAsync(@operator, cancellationToken, words);

    /// <summary>The same by somebody else.</summary>
    public async Task<CommandAnswer> ShowAsync(Operator by, CancellationToken cancellationToken, params string[] words)
    {
        var answer = await by.AskAsync(words, cancellationToken);
        Say($"{by.Prompt} {answer.Line}");
        var lines = answer.Lines.ToList();
        foreach (var line in lines.Take(LinesShown))
        {
            Say($"  {line}");
        }

        if (lines.Count > LinesShown)
        {
            Say($"  … and {lines.Count - LinesShown} more lines");
        }

        return answer;
    }

    /// <summary>Runs a command that takes a while, with its name on the screen; its answer is not shown.</summary>
    public Task<CommandAnswer> WaitForAsync(string what, CancellationToken cancellationToken, params string[] words) =>
        WaitForAsync(@operator, what, cancellationToken, words);

    /// <summary>The same by somebody else.</summary>
    public async Task<CommandAnswer> WaitForAsync(
        Operator by,
        string what,
        CancellationToken cancellationToken,
        params string[] words
    )
    {
        await using (screen.Begin($"  {what}"))
        {
            return await by.AskAsync(words, cancellationToken);
        }
    }

    /// <summary>Waits for a rollout's end, which is this one.</summary>
    public async Task ExpectEndAsync(
        string rollout,
        string release,
        string outcome,
        CancellationToken cancellationToken
    )
    {
        await WaitForAsync($"rollout of {release}", cancellationToken, "rollout", "watch", rollout);
        var view = await controlPlane.GetAsync<RolloutView>($"/api/rollouts/{rollout}", cancellationToken);
        Say(
            $"{release} in {view.Environment}: {view.Outcome ?? view.State}{(view.Reason is { } why ? $": {why}" : "")}"
        );
        Expect(
            view.Outcome == outcome,
            $"{release} ended {view.Outcome ?? view.State} in {view.Environment} instead of {outcome}."
        );
    }

    /// <summary>The answer has this exit code and says these words.</summary>
    public void Expect(CommandAnswer answer, int code, params ReadOnlySpan<string> words)
    {
        Expect(answer.Code == code, $"{answer.Line} ended with exit code {answer.Code} instead of {code}.");
        foreach (var word in words)
        {
            Expect(
                answer.Lines.Any(line => line.Contains(word, StringComparison.Ordinal)),
                $"{answer.Line} does not say \"{word}\"."
            );
        }
    }

    public void Expect(bool isAsTold, string otherwise)
    {
        if (!isAsTold)
        {
            Say($"not as told: {otherwise}");
            Deviations.Add(otherwise);
        }
    }
}
