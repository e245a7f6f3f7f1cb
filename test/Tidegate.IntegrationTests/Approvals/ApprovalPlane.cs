using Microsoft.Extensions.DependencyInjection;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Approvals;
using Tidegate.ControlPlane.Policy;
using Tidegate.IntegrationTests.Cli;
using Tidegate.IntegrationTests.Fixtures;
using Tidegate.IntegrationTests.Promotion;

namespace Tidegate.IntegrationTests.Approvals;

/// <summary>
/// A control plane whose production asks for one of the shops' people. Nothing proves who wrote what it gets, so one
/// more has to agree. Ann writes the commits; oz is whoever runs the tests.
/// </summary>
internal sealed class ApprovalPlane(PromotionPlane plane) : IAsyncDisposable
{
    public static readonly Speaker Ann = new("person/ann", IsService: false);
    public static readonly Speaker Bo = new("person/bo", IsService: false);
    public static readonly Speaker Cy = new("person/cy", IsService: false);
    public static readonly Speaker Dee = new("person/dee", IsService: false);

    private static readonly People People = new(
        [
            new("ann") { Accounts = ["ann-admin"], Emails = ["ann@example.com"] },
            new("bo") { Accounts = ["bo-admin"] },
            new("cy"),
            new("dee"),
            new("oz") { Accounts = [$"os/{User()}"] },
        ],
        [new("shops", ["ann", "bo", "cy", "oz"])]
    );

    public static readonly EnvironmentPolicy Policy = EnvironmentPolicy.Default with
    {
        Approvals = new() { Requirements = [new("one-of-the-shops") { From = ["shops"] }], People = People },
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public PromotionPlane Promotion => plane;

    public ScriptedControlPlane Plane => plane.Plane;

    public ApprovalDesk Desk => Plane.Services.GetRequiredService<ApprovalDesk>();

    public DelegationDesk Delegations => Plane.Services.GetRequiredService<DelegationDesk>();

    public static async Task<ApprovalPlane> StartAsync(PostgresCluster cluster) =>
        new(await PromotionPlane.StartAsync(cluster));

    /// <summary>Git governs production, and asks for no release there: people start.</summary>
    public Task GovernAsync(EnvironmentPolicy? policy = null) =>
        Plane
            .Services.GetRequiredService<EnvironmentTermsStore>()
            .ApplyAsync([PromotionPlane.Terms("production", 2, policy ?? Policy) with { Release = null }], [], Token);

    /// <summary>Asks as oz for the approval of what is planned now.</summary>
    public async Task<KnownApproval> AskAsync(params string[] more)
    {
        var asked = await Plane.RunAsync(["approval", "ask", "--release", "2026.11.2", .. more]);
        Assert.True(asked.Exit == 0, asked.Transcript);
        return (await Desk.ListAsync(null, Visible.Everything, Token))[0];
    }

    public async Task<SayResult> GiveAsync(KnownApproval approval, Speaker by, string? key = null) =>
        await Desk.GiveAsync(
            approval.Record.Id,
            by,
            approval.Record.Binding.Plan,
            key ?? Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString("n"),
            reason: null,
            Token
        );

    public async Task AgreeAsync(KnownApproval approval, params Speaker[] people)
    {
        foreach (var person in people)
        {
            Assert.IsType<SayResult.Said>(await GiveAsync(approval, person));
        }
    }

    /// <summary>Refused, with that, and the ledger has it.</summary>
    public async Task RefusesAsync(Task<SayResult> said, string what)
    {
        var refused = Assert.IsType<SayResult.Refused>(await said);
        Assert.Contains(what, refused.What, StringComparison.Ordinal);
        Assert.Contains(
            await Plane.LedgerAsync("decision"),
            line =>
                line.Contains("refused: ", StringComparison.Ordinal) && line.Contains(what, StringComparison.Ordinal)
        );
    }

    public ValueTask DisposeAsync() => plane.DisposeAsync();

    /// <summary>The number of the user that the process runs as, as the kernel says it.</summary>
    private static string User() =>
        File.ReadLines("/proc/self/status")
            .First(line => line.StartsWith("Uid:", StringComparison.Ordinal))
            .Split('\t', StringSplitOptions.RemoveEmptyEntries)[1];
}
