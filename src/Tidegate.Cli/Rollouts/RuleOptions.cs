using System.CommandLine;
using Tidegate.Contracts.Rollouts;

namespace Tidegate.Cli.Rollouts;

/// <summary>The options that <c>plan</c> and <c>start</c> share: which release, where, under which rules.</summary>
internal sealed class RuleOptions
{
    private readonly Option<string> _release = new("--release")
    {
        Description = "The release to roll out",
        Required = true,
    };

    private readonly Option<string> _environment = new("--environment", "-e")
    {
        Description = "Where to (default: production)",
        DefaultValueFactory = _ => "production",
    };

    private readonly Option<string[]> _canaries = new("--canary") { Description = "A tenant that goes first" };

    private readonly Option<int[]> _waves = new("--wave-size")
    {
        Description = "Tenants per wave; the last number repeats, 0 is all that are left (default: 1 0)",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<int?> _budget = new("--failure-budget")
    {
        Description = "Tenants that may go back before no further one is started (default: 0)",
    };

    private readonly Option<int?> _concurrency = new("--concurrency")
    {
        Description = "Tenants worked on at once (default: 2)",
    };

    private readonly Option<double?> _bake = new("--bake")
    {
        Description = "Seconds to watch each tenant after opening (default: 0)",
    };

    private readonly Option<double?> _errorShare = new("--max-error-share")
    {
        Description = "Share of a watched tenant's requests, 0 to 1, that may fail (default: 0.02)",
    };

    public void AddTo(Command command)
    {
        Option[] all = [_release, _environment, _canaries, _waves, _budget, _concurrency, _bake, _errorShare];
        foreach (var option in all)
        {
            command.Add(option);
        }
    }

    public PlanRollout Read(ParseResult parsed) =>
        new(
            parsed.GetRequiredValue(_release),
            parsed.GetRequiredValue(_environment),
            new RolloutRules(
                Canaries: parsed.GetValue(_canaries) is { Length: > 0 } canaries ? canaries : null,
                WaveSizes: parsed.GetValue(_waves) is { Length: > 0 } waves ? waves : null,
                FailureBudget: parsed.GetValue(_budget),
                Concurrency: parsed.GetValue(_concurrency),
                BakeSeconds: parsed.GetValue(_bake),
                MaxErrorShare: parsed.GetValue(_errorShare)
            )
        );
}
