using Tidegate.IntegrationTests.Fixtures;
using Tidegate.TestKit;

namespace Tidegate.IntegrationTests.Approvals;

/// <summary>What <c>tidegate approval …</c> prints.</summary>
public sealed class ApprovalCommandTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>
{
    private string _plan = "sha256:none";
    private string _policy = "sha256:none";

    [Fact]
    public async Task What_asks_for_approval_reads_as_it_always_did()
    {
        await using var plane = await ApprovalPlane.StartAsync(cluster);
        await plane.GovernAsync();
        await MatchesAsync(plane, "approval-list-empty.txt", "list");
        await MatchesAsync(plane, "approval-show-unknown.txt", "show", "a-1");
        await MatchesAsync(plane, "approval-ask.txt", "ask", "--release", "2026.11.2");
        var asked = await plane.AskAsync();
        var id = asked.Record.Id.Value;
        await plane.AgreeAsync(asked, ApprovalPlane.Bo);

        (_plan, _policy) = (asked.Record.Binding.Plan, asked.Record.Binding.Policy);
        await MatchesAsync(plane, "approval-list.txt", "list", "--environment", "production");
        await MatchesAsync(plane, "approval-list.json", "list", "--json");
        await MatchesAsync(plane, "approval-show.txt", "show", id);
        await MatchesAsync(plane, "approval-show.json", "show", id, "--json");
        await MatchesAsync(plane, "approval-give-own.txt", "give", id);
        await MatchesAsync(plane, "approval-reject.txt", "reject", id, "--reason", "the tills are counted tonight");
        await MatchesAsync(plane, "approval-show-rejected.txt", "show", id);
        await MatchesAsync(plane, "approval-withdraw.txt", "withdraw", id, "--reason", "they are done");
        await MatchesAsync(plane, "approval-withdraw-nothing.txt", "withdraw", id);
        await plane.AgreeAsync(asked, ApprovalPlane.Cy);
        await MatchesAsync(plane, "approval-show-approved.txt", "show", id);
    }

    [Fact]
    public async Task Delegations_read_as_they_always_did()
    {
        await using var plane = await ApprovalPlane.StartAsync(cluster);
        await plane.GovernAsync();
        await MatchesAsync(plane, "approval-delegate-none.txt", "delegate");
        var until = FormattableString.Invariant($"{TimeProvider.System.GetUtcNow().AddDays(3):u}");
        await MatchesAsync(plane, "approval-delegate.txt", "delegate", "--to", "bo", "--until", until);
        await MatchesAsync(plane, "approval-delegate.json", "delegate", "--json");
        await MatchesAsync(plane, "approval-delegate-end.txt", "delegate", "--end", "1");
        await MatchesAsync(plane, "approval-delegate-whom.txt", "delegate", "--until", until);
        await MatchesAsync(plane, "approval-delegate-when.txt", "delegate", "--to", "bo", "--until", "soon");
        await MatchesAsync(plane, "approval-delegate-nobody.txt", "delegate", "--to", "kim", "--until", until);
    }

    private async Task MatchesAsync(ApprovalPlane plane, string golden, params string[] arguments)
    {
        var answer = await plane.Plane.RunAsync(["approval", .. arguments]);
        // Hashes change with every key that a plan or a policy gets.
        Golden.Matches(
            golden,
            Golden
                .Steady(answer.Transcript)
                .Replace(_plan, "sha256:plan", StringComparison.Ordinal)
                .Replace(_policy, "sha256:policy", StringComparison.Ordinal)
        );
    }
}
