using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tidegate.Contracts;
using Tidegate.Contracts.Rollouts;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Rollouts;

public static class RolloutEndpoints
{
    private const int LongestList = 500;

    public static void MapRollouts(this IEndpointRouteBuilder routes)
    {
        routes
            .MapPost("/api/plans", PlanAsync)
            .Needs(Permission.PlanRollouts)
            .AboutBody((PlanRollout request) => AccessSubject.Environment(request.Environment));
        routes
            .MapPost("/api/rollouts", StartAsync)
            .Needs(Permission.StartRollouts)
            .AboutBody((StartRollout request) => AccessSubject.Environment(request.Environment));
        routes
            .MapPost("/api/rollouts/{id}/abort", RolloutOrderEndpoints.AbortAsync)
            .Needs(Permission.AbortRollouts)
            .About(SubjectKind.Rollout, "id");
        routes
            .MapPost("/api/rollouts/{id}/resume", RolloutOrderEndpoints.ResumeAsync)
            .Needs(Permission.ResumeRollouts)
            .About(SubjectKind.Rollout, "id");
        routes
            .MapGet(
                "/api/rollouts",
                (RolloutViewStore views, Visible visible, CancellationToken cancellationToken) =>
                    views.ListAsync(visible, LongestList, cancellationToken)
            )
            .Needs(Permission.ReadRollouts)
            .AboutWhatIsVisible();
        routes
            .MapGet(
                "/api/rollouts/{id}",
                async Task<IResult> (
                    string id,
                    RolloutViewStore views,
                    TimeProvider clock,
                    CancellationToken cancellationToken
                ) =>
                    await views.FindAsync(id, clock.GetUtcNow(), cancellationToken) is { } view
                        ? TypedResults.Ok(view)
                        : RolloutOrderEndpoints.Unknown(id)
            )
            .Needs(Permission.ReadRollouts)
            .About(SubjectKind.Rollout, "id");
    }

    private static async Task<IResult> PlanAsync(
        PlanRollout request,
        RolloutDesk desk,
        WorkGates gates,
        CancellationToken cancellationToken
    ) =>
        await desk.PlanAsync(request, cancellationToken) switch
        {
            PlanResult.Planned { Plan: var plan } => TypedResults.Ok(
                PlanDocumentMapping.View(plan) with
                {
                    Gates = (await gates.AskAsync(Look(plan, request), cancellationToken)) is { Length: > 0 } asked
                        ? [.. asked.Select(answer => answer.View())]
                        : null,
                }
            ),
            var refused => Refuse(refused),
        };

    /// <summary>With what it would go past as an emergency.</summary>
    private static WorkQuestion Look(RolloutPlan plan, PlanRollout request) =>
        new(plan, request, [])
        {
            IsEmergency = request.Overrides is { Count: > 0 },
            Overrides = [.. request.Overrides ?? []],
        };

    private static async Task<IResult> StartAsync(
        StartRollout request,
        RolloutDesk desk,
        EnvironmentTermsStore terms,
        WorkGates gates,
        ICalendars calendars,
        TimeProvider clock,
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        var governed = await terms.FindAsync(new EnvironmentName(request.Environment), cancellationToken);
        if (governed is { Release: { } asked } && Refuse(request, asked) is { } refusal)
        {
            return refusal;
        }

        var rules = (await calendars.InForceAsync(cancellationToken)).Rules;
        var overrides = RuleOverrides.Whole(request.Overrides ?? [], rules, out var stranger);
        if (stranger is (var unknown, var known))
        {
            return Problems.Invalid(unknown, known);
        }

        var emergency = EmergencyStart.Of(
            request with
            {
                Overrides = overrides,
            },
            (governed?.Policy ?? EnvironmentPolicy.Default).Emergency,
            EmergencyId.New(clock),
            clock.GetUtcNow(),
            out var problem
        );
        if (problem is (var what, var next))
        {
            return Problems.Invalid(what, next);
        }

        if (request.Emergency && Identity.Of(context).Kind is IdentityKind.ServiceAccount)
        {
            return Problems.Blocked("an emergency is a person's: a service account begins none.");
        }

        var wanted = new PlanRollout(
            request.Release,
            request.Environment,
            request.Rules,
            request.Supersede,
            request.Older,
            overrides.IsEmpty ? null : overrides
        );
        var result = await desk.PlanAsync(wanted, cancellationToken);
        if (result is not PlanResult.Planned { Plan: var plan })
        {
            return Refuse(result);
        }

        if (request.PlanHash is { } expected && expected != plan.Hash)
        {
            return Problems.Conflict(
                $"the plan of now is {plan.Hash}, not {expected}: a tenant, the release or the rules have changed since.",
                "tidegate rollout plan shows the plan of now; start that one."
            );
        }

        if (plan.Waves.IsEmpty)
        {
            return NobodyLeft(plan);
        }

        // An emergency goes past what git says runs, and past what its policy lets it go past by name.
        var actor = Actor.Of(context);
        var question = new WorkQuestion(plan, wanted, [actor])
        {
            Starts = true,
            Refused = actor,
            IsEmergency = request.Emergency,
            Overrides = emergency?.Overrides ?? [],
        };
        if (Refuse(await gates.AskAsync(question, cancellationToken)) is { } closed)
        {
            return closed;
        }

        return await desk.StartAsync(
            plan,
            new StartedBy(
                actor,
                request.Emergency
                    ? $"emergency, although git says what {request.Environment} runs: {request.Reason}"
                    : request.Reason,
                request.Supersede,
                Emergency: emergency
            ),
            cancellationToken
        ) switch
        {
            StartRolloutResult.Started started => TypedResults.Ok(
                new StartedRollout(started.Id.Value, plan.Hash, PlanDocumentMapping.Excluded(plan), emergency?.Id.Value)
            ),
            StartRolloutResult.Refused refused => Problems.Conflict(refused.Reason),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>Git says what runs there: only an emergency goes past it.</summary>
    private static JsonHttpResult<ApiProblem>? Refuse(StartRollout request, ReleaseRef asked) =>
        !request.Emergency
            ? Problems.Blocked(
                $"git says what {request.Environment} runs: {asked.Name}.",
                $"change release in environments/{request.Environment}.yaml; in an emergency: --emergency --reason WHY."
            )
            : null;

    /// <summary>Null where every gate passes.</summary>
    private static JsonHttpResult<ApiProblem>? Refuse(ImmutableArray<GateAnswer> gates)
    {
        var closed = gates.Where(gate => gate.Verdict is not GateVerdict.Pass).ToList();
        return closed.Count == 0
            ? null
            : Problems.Blocked(
                string.Join(
                    ' ',
                    closed.Select(gate =>
                        $"gate {gate.Gate} ({GateDocuments.Word(gate.Verdict)}): {string.Join(' ', gate.Reasons.Take(5).Select(reason => reason.What))}"
                    )
                ),
                $"{closed[0].Reasons[0].Next}; tidegate rollout plan shows every reason."
            );
    }

    private static JsonHttpResult<ApiProblem> NobodyLeft(RolloutPlan plan)
    {
        var what =
            $"no tenant of {plan.Environment} can take {plan.Release.Name}: {string.Join(" ", plan.Excluded.Take(5).Select(exclusion => exclusion.Reason))}";
        return plan.Excluded.Any(exclusion => exclusion.IsBusy)
            ? Problems.Conflict(what, "tidegate rollout list shows what runs.")
            : Problems.Blocked(what, "tidegate rollout plan shows every tenant and why it is left alone.");
    }

    internal static JsonHttpResult<ApiProblem> Refuse(PlanResult result) =>
        result switch
        {
            PlanResult.UnknownName unknown => Problems.NotFound(unknown.What, unknown.Next),
            PlanResult.Invalid invalid => Problems.Invalid(
                invalid.What,
                "tidegate rollout plan --help lists the rules."
            ),
            PlanResult.Blocked blocked => Problems.Blocked(blocked.What, blocked.Next),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
}
