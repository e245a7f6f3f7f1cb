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
        Description = "Tenants worked on at once, on each site (default: 2)",
    };

    private readonly Option<double?> _bake = new("--bake")
    {
        Description = "Seconds to watch each tenant after opening (default: 0)",
    };

    private readonly Option<double?> _errorShare = new("--max-error-share")
    {
        Description = "Share of a watched tenant's requests, 0 to 1, that may fail (default: 0.02)",
    };

    private readonly Option<long?> _largest = new("--max-database-mb")
    {
        Description = "Largest database that is copied while a shop waits (default: 20480)",
    };

    private readonly Option<long?> _checkpoints = new("--checkpoint-budget-mb")
    {
        Description = "Disk that the checkpoints of one wave may take (default: 204800)",
    };

    private readonly Option<double?> _quiesce = new("--quiesce-bound")
    {
        Description = "Seconds to wait for running jobs before a tenant is put off (default: 120)",
    };

    private readonly Option<double?> _drain = new("--drain-bound")
    {
        Description = "Seconds to wait for running requests before a tenant is put off (default: 30)",
    };

    private readonly Option<double?> _hold = new("--hold-bound")
    {
        Description = "Seconds after which a held shop sees the maintenance page (default: 120)",
    };

    private readonly Option<double?> _migrate = new("--migrate-bound")
    {
        Description = "Seconds after which a migration has failed (default: 600)",
    };

    private readonly Option<bool> _supersede = new("--supersede")
    {
        Description = "Take the place of the rollout that runs there: what it has not begun is taken over",
    };

    private readonly Option<bool> _older = new("--older")
    {
        Description =
            "Take tenants to a release that was registered before the one they run: no way back, data stays migrated",
    };

    private IEnumerable<Option> All =>
        [
            _release,
            _environment,
            _canaries,
            _waves,
            _budget,
            _concurrency,
            _bake,
            _errorShare,
            _largest,
            _checkpoints,
            _quiesce,
            _drain,
            _hold,
            _migrate,
            _supersede,
            _older,
        ];

    public void AddTo(Command command)
    {
        foreach (var option in All)
        {
            command.Add(option);
        }
    }

    public PlanRollout Read(ParseResult parsed) =>
        new(
            parsed.GetRequiredValue(_release),
            parsed.GetRequiredValue(_environment),
            Rules(parsed),
            parsed.GetValue(_supersede),
            parsed.GetValue(_older)
        );

    private RolloutRules Rules(ParseResult parsed) =>
        new(
            Canaries: parsed.GetValue(_canaries) is { Length: > 0 } canaries ? canaries : null,
            WaveSizes: parsed.GetValue(_waves) is { Length: > 0 } waves ? waves : null,
            FailureBudget: parsed.GetValue(_budget),
            Concurrency: parsed.GetValue(_concurrency),
            CheckpointBudgetBytes: parsed.GetValue(_checkpoints) << 20,
            MaxDatabaseBytes: parsed.GetValue(_largest) << 20,
            QuiesceBoundSeconds: parsed.GetValue(_quiesce),
            DrainBoundSeconds: parsed.GetValue(_drain),
            HoldBoundSeconds: parsed.GetValue(_hold),
            MigrateBoundSeconds: parsed.GetValue(_migrate),
            BakeSeconds: parsed.GetValue(_bake),
            MaxErrorShare: parsed.GetValue(_errorShare)
        );
}
