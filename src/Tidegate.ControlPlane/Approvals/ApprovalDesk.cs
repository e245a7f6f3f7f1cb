using System.Collections.Immutable;
using Tidegate.Contracts.Rollouts;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.ControlPlane.Approvals;

/// <summary>All that is known of an approval now.</summary>
/// <param name="Void">What is another now than when it was asked for; empty while it is the plan of now.</param>
/// <param name="Statements">Everything that was said of it.</param>
public sealed record KnownApproval(
    ApprovalRecord Record,
    KnownWork Work,
    ApprovalFacts Facts,
    ApprovalOutcome Outcome,
    ImmutableArray<string> Void,
    ImmutableArray<KeptStatement> Statements
)
{
    /// <summary>What is planned now, where that was looked at.</summary>
    public RolloutPlan? Now { get; init; }
}

/// <summary>What came of saying something.</summary>
public abstract record SayResult
{
    private SayResult() { }

    public sealed record Said(KnownApproval Approval) : SayResult;

    public sealed record Unknown : SayResult;

    /// <summary>Nothing was changed; the refusal is in the ledger.</summary>
    public sealed record Refused(string What, string Next) : SayResult;
}

/// <summary>Who says something, as it was proven.</summary>
/// <param name="Name">As the ledger has it.</param>
public sealed record Speaker(string Name, bool IsService);

/// <summary>Takes what people ask and say about approvals.</summary>
public sealed class ApprovalDesk(
    ApprovalStore store,
    ApprovalReader reader,
    EnvironmentTermsStore terms,
    RolloutDesk rollouts,
    TimeProvider clock
)
{
    private const int LongestList = 50;

    private const string Show = "tidegate approval list shows what asks for approval now.";

    /// <summary>The newest first; whether it is still the plan of now is not asked.</summary>
    public async Task<IReadOnlyList<KnownApproval>> ListAsync(
        EnvironmentName? environment,
        Visible visible,
        CancellationToken cancellationToken
    )
    {
        var all = new List<KnownApproval>();
        foreach (var record in await store.ListAsync(environment, visible, LongestList, cancellationToken))
        {
            if (await KnownAsync(record, null, cancellationToken) is { } known)
            {
                all.Add(known);
            }
        }

        return all;
    }

    /// <summary>With the plan of now beside it; null when there is none of that id.</summary>
    public async Task<KnownApproval?> FindAsync(ApprovalId id, CancellationToken cancellationToken) =>
        await store.FindAsync(id, cancellationToken) is { } record
            ? await KnownAsync(record, await NowAsync(record, cancellationToken), cancellationToken)
            : null;

    /// <summary>Somebody agrees. Refused where it would count for nothing, and where what is planned now is another plan.</summary>
    /// <param name="plan">The hash of the plan that was looked at.</param>
    /// <param name="key">Said twice under one key it is said once.</param>
    public async Task<SayResult> GiveAsync(
        ApprovalId id,
        Speaker by,
        string plan,
        string key,
        string? reason,
        CancellationToken cancellationToken
    )
    {
        if (await FindAsync(id, cancellationToken) is not { } known)
        {
            return new SayResult.Unknown();
        }

        var kept = $"{by.Name}:{key}";
        if (await store.SaidAsync(kept, cancellationToken) is { } before)
        {
            return before is { Said: KeptStatement.Approved, IsWithdrawn: false } && before.Approval == id
                ? new SayResult.Said(known)
                : await RefuseAsync(
                    known,
                    by,
                    $"this was said before, of {before.Approval}{(before.IsWithdrawn ? ", and taken back" : "")}: it is not said again by repeating it.",
                    "agree anew: tidegate approval give",
                    cancellationToken
                );
        }

        if (plan != known.Record.Binding.Plan)
        {
            return await RefuseAsync(
                known,
                by,
                $"{id} is about plan {known.Record.Binding.Plan}, not {plan}.",
                $"tidegate approval show {id}",
                cancellationToken
            );
        }

        var now = clock.GetUtcNow();
        if (Refusal(known, by) is { } why)
        {
            return await RefuseAsync(
                known,
                by,
                why,
                $"tidegate approval show {id} says who could agree",
                cancellationToken
            );
        }

        var expiry = (await terms.FindAsync(known.Record.Environment, cancellationToken))!.Policy.Approvals.Expiry;
        await store.SayAsync(
            new(known.Record, KeptStatement.Approved, by.Name, by.IsService, now, now + expiry, reason, kept),
            cancellationToken
        );
        return new SayResult.Said((await KnownAsync(known.Record, known.Now, cancellationToken))!);
    }

    /// <summary>Somebody says no: it stops until that is taken back or the plan is another.</summary>
    public async Task<SayResult> RejectAsync(
        ApprovalId id,
        Speaker by,
        string key,
        string reason,
        CancellationToken cancellationToken
    )
    {
        if (await store.FindAsync(id, cancellationToken) is not { } record)
        {
            return new SayResult.Unknown();
        }

        var known = (await KnownAsync(record, null, cancellationToken))!;
        if (by.IsService)
        {
            return await RefuseAsync(known, by, $"{by.Name} is a service account.", Show, cancellationToken);
        }

        await store.SayAsync(
            new(
                record,
                KeptStatement.Rejected,
                by.Name,
                IsService: false,
                clock.GetUtcNow(),
                Until: null,
                reason,
                $"{by.Name}:{key}"
            ),
            cancellationToken
        );
        return new SayResult.Said((await KnownAsync(record, null, cancellationToken))!);
    }

    /// <summary>Takes back what the same person said, by whichever account.</summary>
    public async Task<SayResult> WithdrawAsync(
        ApprovalId id,
        Speaker by,
        string? reason,
        CancellationToken cancellationToken
    )
    {
        if (await store.FindAsync(id, cancellationToken) is not { } record)
        {
            return new SayResult.Unknown();
        }

        var known = (await KnownAsync(record, null, cancellationToken))!;
        var person = known.Facts.People.Of(by.Name);
        var said = known
            .Statements.Where(statement =>
                statement is { IsWithdrawn: false, Said: KeptStatement.Approved or KeptStatement.Rejected }
                && known.Facts.People.Of(statement.By) == person
            )
            .Select(statement => statement.Id)
            .ToList();
        if (said.Count == 0)
        {
            return await RefuseAsync(
                known,
                by,
                $"{person} has said nothing of {id} that stands.",
                $"tidegate approval show {id}",
                cancellationToken
            );
        }

        await store.WithdrawAsync(record, said, by.Name, reason, clock.GetUtcNow(), cancellationToken);
        return new SayResult.Said((await KnownAsync(record, null, cancellationToken))!);
    }

    /// <summary>Why this person's agreement would count for nothing, or null.</summary>
    private string? Refusal(KnownApproval known, Speaker by)
    {
        var (facts, now) = (known.Facts, clock.GetUtcNow());
        if (!known.Void.IsEmpty)
        {
            return $"{known.Record.Id} is void: {string.Join(" and ", known.Void)} changed since it was asked for.";
        }

        var tried = facts with
        {
            Statements = [new(ApprovalSaid.Approved, by.Name, by.IsService, now, now.AddTicks(1), null, facts.Binding)],
        };
        return ApprovedGate.Ask(tried, now).Uncounted is [var uncounted] ? $"{uncounted.Why}." : null;
    }

    private async Task<SayResult> RefuseAsync(
        KnownApproval known,
        Speaker by,
        string what,
        string next,
        CancellationToken cancellationToken
    )
    {
        await store.RefusedAsync(
            by.Name,
            known.Record.Release.Digest.Value,
            $"approval {known.Record.Id}: {what}",
            clock.GetUtcNow(),
            cancellationToken
        );
        return new SayResult.Refused(what, next);
    }

    /// <param name="now">What is planned now; null where that is not looked at.</param>
    private async Task<KnownApproval?> KnownAsync(
        ApprovalRecord record,
        RolloutPlan? now,
        CancellationToken cancellationToken
    )
    {
        if (await terms.FindAsync(record.Environment, cancellationToken) is not { } asked)
        {
            return null;
        }

        var binding = now is null
            ? record.Binding with
            {
                Policy = ApprovalBindings.Version(asked.Policy),
            }
            : ApprovalBindings.Of(now, asked.Policy);
        var work = await reader.WorkAsync(
            record.Release,
            [.. record.Plan.Waves.SelectMany(wave => wave.Tenants).Select(tenant => tenant.Tenant)],
            record.Tags,
            asked,
            cancellationToken
        );
        var facts = await reader.FactsAsync(record, binding, work, asked, [], clock.GetUtcNow(), cancellationToken);
        var outcome = ApprovedGate.Ask(facts, clock.GetUtcNow());
        return new(
            record,
            work,
            facts,
            outcome with
            {
                Answer = outcome.Answer.At(asked),
            },
            binding.ChangedSince(record.Binding),
            [.. await store.StatementsAsync([record.Id], cancellationToken)]
        )
        {
            Now = now,
        };
    }

    /// <summary>Where git says what runs there and the request no rules, work goes by those of the policy, and starts as it says.</summary>
    public async Task<(PlanRollout Request, StartKind Kind)> AsGitSaysAsync(
        PlanRollout request,
        CancellationToken cancellationToken
    ) =>
        (request.Rules is null || request.Rules == new RolloutRules())
        && await terms.FindAsync(new EnvironmentName(request.Environment), cancellationToken)
            is { Release: not null, Policy: var policy }
            ? (
                request with
                {
                    Rules = policy.Rollout,
                },
                policy.Start is StartMode.Automatic ? StartKind.Automatic : StartKind.Manual
            )
            : (request, StartKind.Manual);

    public Task<PlanResult> PlanAsync(PlanRollout request, StartKind kind, CancellationToken cancellationToken) =>
        rollouts.PlanAsync(request, kind, cancellationToken);

    /// <summary>Null where nothing can be planned: then there is nothing to compare with, and the start says why.</summary>
    private async Task<RolloutPlan?> NowAsync(ApprovalRecord record, CancellationToken cancellationToken) =>
        await PlanAsync(record.Request, record.Kind, cancellationToken) is PlanResult.Planned { Plan: var plan }
            ? plan
            : null;
}
