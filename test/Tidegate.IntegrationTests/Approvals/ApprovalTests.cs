using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Tidegate.Cli;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Approvals;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Restores;
using Tidegate.IntegrationTests.Fixtures;
using Tidegate.IntegrationTests.Promotion;

namespace Tidegate.IntegrationTests.Approvals;

/// <summary>Who agrees, from the plan to the start, over what the control database has.</summary>
public sealed class ApprovalTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Planned_work_waits_until_enough_people_agree_and_starts_then()
    {
        await using var plane = await ApprovalPlane.StartAsync(cluster);
        await plane.Promotion.AskAsync(PromotionPlane.Terms("production", 2, ApprovalPlane.Policy));
        await plane.Promotion.UntilBlockedAsync("production", "approval-authors-unknown approval-missing");

        var asked = Assert.Single(
            await plane.Desk.ListAsync(new EnvironmentName("production"), Visible.Everything, Token)
        );
        Assert.Equal(["ann@example.com"], asked.Facts.Requesters);
        await plane.RefusesAsync(plane.GiveAsync(asked, ApprovalPlane.Ann), "ann asked for it");
        await plane.AgreeAsync(asked, ApprovalPlane.Bo);
        await plane.Promotion.UntilBlockedAsync("production", "approval-authors-unknown");
        Assert.Empty(await plane.Promotion.RolloutsAsync());

        await plane.AgreeAsync(asked, ApprovalPlane.Cy);

        await plane.Promotion.UntilAsync("production", "done");
        Assert.Equal(["production 2026.11.2 completed"], await plane.Promotion.RolloutsAsync());
        Assert.Contains(
            await plane.Plane.LedgerAsync("command"),
            line => line.StartsWith($"person/bo approved {asked.Record.Id} in production", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_person_starts_what_others_approved_and_nothing_else()
    {
        await using var plane = await ApprovalPlane.StartAsync(cluster);
        await plane.GovernAsync();

        var planned = await plane.Plane.RunAsync("rollout", "plan", "--release", "2026.11.2");
        Assert.Equal(ExitCodes.Blocked, planned.Exit);
        Assert.Contains("  gate approved: fail\n    approval-missing: ", planned.Output, StringComparison.Ordinal);
        Assert.Empty(await plane.Desk.ListAsync(null, Visible.Everything, Token));

        var refused = await plane.Plane.RunAsync("rollout", "start", "--release", "2026.11.2");
        Assert.Equal(ExitCodes.Blocked, refused.Exit);
        var asked = Assert.Single(await plane.Desk.ListAsync(null, Visible.Everything, Token));
        Assert.Contains($"tidegate approval give {asked.Record.Id}", refused.Error, StringComparison.Ordinal);

        await plane.AgreeAsync(asked, ApprovalPlane.Bo, ApprovalPlane.Cy);

        // Another plan than the one they agreed to.
        var other = await plane.Plane.RunAsync("rollout", "start", "--release", "2026.11.2", "--concurrency", "1");
        Assert.Equal(ExitCodes.Blocked, other.Exit);
        Assert.Contains(
            "that bo agreed does not count: it is void: since it was said, the plan changed.",
            other.Error,
            StringComparison.Ordinal
        );
        Assert.Contains(
            await plane.Plane.LedgerAsync("decision"),
            line => line.Contains("refused: start in production without approval", StringComparison.Ordinal)
        );

        await plane.Plane.StartRolloutAsync();
    }

    [Fact]
    public async Task Whoever_starts_is_none_of_those_that_agree()
    {
        await using var plane = await ApprovalPlane.StartAsync(cluster);
        await plane.GovernAsync();
        var asked = await plane.AskAsync();

        var own = await plane.Plane.RunAsync("approval", "give", asked.Record.Id.Value);

        Assert.Equal(ExitCodes.Blocked, own.Exit);
        Assert.Contains("oz asked for it", own.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attacks_end_refused_and_in_the_ledger()
    {
        await using var plane = await ApprovalPlane.StartAsync(cluster);
        await plane.GovernAsync();
        var asked = await plane.AskAsync();

        // The author, by a second account in the same group.
        await plane.RefusesAsync(
            plane.GiveAsync(asked, new Speaker("person/ann-admin", false)),
            "ann wrote some of what it brings"
        );
        await plane.RefusesAsync(
            plane.GiveAsync(asked, new Speaker("service/cy", true)),
            "service/cy is a service account"
        );
        await plane.RefusesAsync(plane.GiveAsync(asked, ApprovalPlane.Dee), "is in nothing that the policy names");
        await plane.RefusesAsync(
            plane.Desk.GiveAsync(asked.Record.Id, ApprovalPlane.Bo, "sha256:other", "k1", null, Token),
            "is about plan sha256:"
        );

        // One person by two accounts is one.
        await plane.AgreeAsync(asked, ApprovalPlane.Bo, new Speaker("person/bo-admin", false));
        Assert.Equal(
            GateVerdict.Inconclusive,
            (await plane.Desk.FindAsync(asked.Record.Id, Token))!.Outcome.Answer.Verdict
        );

        // A replayed agreement: the same again changes nothing, and after it was taken back it is no new one.
        Assert.IsType<SayResult.Said>(await plane.GiveAsync(asked, ApprovalPlane.Cy, "once"));
        Assert.IsType<SayResult.Said>(await plane.GiveAsync(asked, ApprovalPlane.Cy, "once"));
        Assert.Equal(
            ["1"],
            await plane.Plane.QueryAsync(
                "select count(*)::text from approval_statement where said = 'approved' and by = 'person/cy'"
            )
        );
        await plane.Desk.WithdrawAsync(asked.Record.Id, ApprovalPlane.Cy, "the wrong shop", Token);
        await plane.RefusesAsync(
            plane.GiveAsync(asked, ApprovalPlane.Cy, "once"),
            "it is not said again by repeating it"
        );
        var other = await plane.AskAsync("--concurrency", "1");
        Assert.NotEqual(asked.Record.Id, other.Record.Id);
        await plane.RefusesAsync(plane.GiveAsync(other, ApprovalPlane.Cy, "once"), "this was said before, of a-");

        // A stale plan: the policy is another since it was asked for.
        await plane.GovernAsync(ApprovalPlane.Policy with { Drift = DriftMode.Heal });
        await plane.RefusesAsync(plane.GiveAsync(asked, ApprovalPlane.Cy), "is void: the policy changed");
        Assert.Empty(await plane.Promotion.RolloutsAsync());
    }

    [Fact]
    public async Task A_rejection_stops_until_it_is_taken_back()
    {
        await using var plane = await ApprovalPlane.StartAsync(cluster);
        await plane.GovernAsync();
        var asked = await plane.AskAsync();
        await plane.AgreeAsync(asked, ApprovalPlane.Bo, ApprovalPlane.Cy);
        await plane.Desk.RejectAsync(asked.Record.Id, ApprovalPlane.Dee, "k", "the tills are counted", Token);

        var refused = await plane.Plane.RunAsync("rollout", "start", "--release", "2026.11.2");
        Assert.Equal(ExitCodes.Blocked, refused.Exit);
        Assert.Contains("dee rejected it", refused.Error, StringComparison.Ordinal);

        await plane.RefusesAsync(
            plane.Desk.WithdrawAsync(asked.Record.Id, ApprovalPlane.Ann, null, Token),
            "ann has said nothing of a-"
        );
        Assert.IsType<SayResult.Said>(
            await plane.Desk.WithdrawAsync(asked.Record.Id, ApprovalPlane.Dee, "they are done", Token)
        );
        await plane.Plane.StartRolloutAsync();
    }

    [Fact]
    public async Task Delegated_is_the_own_place_for_a_while_and_nothing_else()
    {
        await using var plane = await ApprovalPlane.StartAsync(cluster);
        await plane.GovernAsync();
        var asked = await plane.AskAsync();
        var soon = TimeProvider.System.GetUtcNow().AddDays(2);
        await plane.AgreeAsync(asked, ApprovalPlane.Bo);

        Assert.IsType<DelegateResult.Kept>(
            await plane.Delegations.AddAsync(ApprovalPlane.Cy, "dee", null, soon, "on leave", "k", Token)
        );
        await plane.AgreeAsync(asked, ApprovalPlane.Dee);

        var known = (await plane.Desk.FindAsync(asked.Record.Id, Token))!;
        Assert.Equal(GateVerdict.Pass, known.Outcome.Answer.Verdict);
        Assert.Contains(
            known.Outcome.Requirements[0].Counted.Concat(known.Outcome.Extra!.Counted),
            counted => counted == new CountedApproval("dee", "cy")
        );
        Assert.IsType<DelegateResult.Refused>(await plane.Delegations.EndAsync(1, ApprovalPlane.Dee, Token));
        Assert.IsType<DelegateResult.Kept>(await plane.Delegations.EndAsync(1, ApprovalPlane.Cy, Token));
        Assert.IsType<DelegateResult.Refused>(
            await plane.Delegations.AddAsync(ApprovalPlane.Cy, "cy", null, soon, null, "l", Token)
        );
        Assert.IsType<DelegateResult.Refused>(
            await plane.Delegations.AddAsync(ApprovalPlane.Cy, "dee", null, soon.AddDays(100), null, "m", Token)
        );
    }

    [Fact]
    public async Task Whoever_approves_a_plan_approves_its_way_back_up_to_the_limit()
    {
        await using var plane = await ApprovalPlane.StartAsync(cluster);
        var loss = plane.Plane.Services.GetRequiredService<IApprovedLoss>();
        await plane.GovernAsync(
            ApprovalPlane.Policy with
            {
                Approvals = ApprovalPlane.Policy.Approvals with { LossLimit = 20 },
            }
        );
        await plane.AgreeAsync(await plane.AskAsync("--canary", "t1"), ApprovalPlane.Bo, ApprovalPlane.Cy);
        Assert.Equal(0, await loss.OfAsync(new("t1"), Token));

        // Oz asked, and starts it: those who agreed are others.
        var rollout = await plane.Plane.StartRolloutAsync("2026.11.2", "--canary", "t1");
        await plane.Plane.RunAsync("rollout", "watch", rollout);

        Assert.Equal(20, await loss.OfAsync(new("t1"), Token));
    }

    [Fact]
    public async Task What_was_said_cannot_be_changed()
    {
        await using var plane = await ApprovalPlane.StartAsync(cluster);
        await plane.GovernAsync();
        await plane.AgreeAsync(await plane.AskAsync(), ApprovalPlane.Bo);

        foreach (
            var change in new[]
            {
                "update approval_statement set by = 'person/cy'",
                "delete from approval_statement",
                "update approval set plan_hash = 'sha256:other'",
                "truncate approval_delegation cascade",
            }
        )
        {
            await using var command = plane.Plane.Database.CreateCommand(change);
            var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(Token));
            Assert.Contains("append-only", refused.MessageText, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Without_a_requirement_nobody_is_asked()
    {
        await using var plane = await ApprovalPlane.StartAsync(cluster);
        await plane.GovernAsync(EnvironmentPolicy.Default);

        var asked = await plane.Plane.RunAsync("approval", "ask", "--release", "2026.11.2");

        Assert.Contains("nobody has to agree", asked.Error, StringComparison.Ordinal);
        await plane.Plane.StartRolloutAsync();
    }
}
