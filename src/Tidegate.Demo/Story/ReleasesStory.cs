using Npgsql;
using Tidegate.Cli;
using Tidegate.Cli.Client;
using Tidegate.Demo.Screens;
using Tidegate.Demo.Shops;

namespace Tidegate.Demo.Story;

/// <summary>What may enter a fleet, and what stops the rest: gates on files, git, proof from upstream, drift. Each scene is commands with their answers.</summary>
internal sealed class ReleasesStory(
    DemoSite site,
    ControlPlaneClient controlPlane,
    Repository repository,
    IScreen screen,
    TimeProvider clock
) : IStory
{
    private const string Good = "2026.11.2";
    private const string Bad = "2026.11.3";

    private static readonly TimeSpan SoakBound = TimeSpan.FromMinutes(2);

    private static readonly (string Name, string Terms) Staging = StoryFleet.Promotion.Environments[0];
    private static readonly (string Name, string Terms) Production = StoryFleet.Promotion.Environments[1];

    public StoryFleet Fleet => StoryFleet.Promotion;

    public IReadOnlyList<Chapter> Chapters { get; } =
    [.. Chapter.Of(repository.SampleAddons).Where(chapter => chapter.Release is Good or Bad)];

    public async Task<StoryEnd> TellAsync(OpenFleet open, CancellationToken cancellationToken)
    {
        var stage = new Stage(new(site.ServerAddress, open.Followed.Repository.Folder), controlPlane, screen);
        await FaultyAddonAsync(stage, cancellationToken);
        await ByCommitToStagingAsync(stage, open, cancellationToken);
        await PromotedAfterItsSoakAsync(stage, open, cancellationToken);
        await BrokenCommitAsync(stage, open, cancellationToken);
        await RewrittenHistoryAsync(stage, open, cancellationToken);
        await BadReleaseAsync(stage, open, cancellationToken);
        await ManualChangeAsync(stage, cancellationToken);
        return new([], stage.Deviations);
    }

    private async Task FaultyAddonAsync(Stage stage, CancellationToken cancellationToken)
    {
        stage.Scene("1. An addon that cannot work is stopped on its files, in seconds");
        var addons = Path.Combine(site.Layout.Home, "faulty");
        await Tool.RunAsync("cp", ["-r", Path.Combine(repository.SampleAddons, Good), addons], cancellationToken);
        var manifest = Path.Combine(addons, "shop_promo", "__manifest__.py");
        var text = await File.ReadAllTextAsync(manifest, cancellationToken);
        await File.WriteAllTextAsync(
            manifest,
            text.Replace("views/sale_order_views.xml", "views/sale_order_view.xml", StringComparison.Ordinal),
            cancellationToken
        );
        var core = await ReleaseShelf.FindCoreAsync(repository, cancellationToken);
        var answer = await stage.ShowAsync(
            cancellationToken,
            "release",
            "validate",
            "--core",
            core,
            "--addons",
            addons
        );
        stage.Expect(answer, ExitCodes.Blocked, "shop_promo", "__manifest__.py:9");
    }

    private async Task ByCommitToStagingAsync(Stage stage, OpenFleet open, CancellationToken cancellationToken)
    {
        stage.Scene($"2. A commit takes {Good} to staging");
        var rollout = await open.Followed.AskAsync(Staging, Good, open.Releases[Good], cancellationToken);
        stage.Say($"commit {await open.Followed.Repository.HeadAsync(cancellationToken)}: {Good} to staging");
        await stage.ExpectEndAsync(rollout, Good, "completed", cancellationToken);
    }

    private async Task PromotedAfterItsSoakAsync(Stage stage, OpenFleet open, CancellationToken cancellationToken)
    {
        stage.Scene(
            $"3. Production takes {Good} once it has stayed in staging for {Production.Terms.Split("soak: ")[1].Trim()}"
        );
        string[] promote = ["promote", Good, "--to", StoryFleet.Production, "--fleet", "."];
        var early = await stage.ShowAsync(cancellationToken, promote);
        stage.Expect(early, ExitCodes.Blocked, "staging");
        var promoted = await PromoteWhenRipeAsync(promote, open, cancellationToken);
        stage.Expect(promoted, 0);
        await open.Followed.SyncAsync(cancellationToken);
        var rollout = await open.Followed.RolloutOfAsync(StoryFleet.Production, Good, cancellationToken);
        await stage.ExpectEndAsync(rollout, Good, "completed", cancellationToken);
    }

    private async Task<CommandAnswer> PromoteWhenRipeAsync(
        string[] promote,
        OpenFleet open,
        CancellationToken cancellationToken
    )
    {
        var began = clock.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(2), clock);
        await using (screen.Begin("  the soak time, then the same command again"))
        {
            var shell = new Operator(site.ServerAddress, open.Followed.Repository.Folder);
            CommandAnswer answer;
            while (
                (answer = await shell.AskAsync(promote, cancellationToken)).Code is ExitCodes.Blocked
                && clock.GetElapsedTime(began) < SoakBound
            )
            {
                await timer.WaitForNextTickAsync(cancellationToken);
            }

            return answer;
        }
    }

    private static async Task BrokenCommitAsync(Stage stage, OpenFleet open, CancellationToken cancellationToken)
    {
        stage.Scene("4. A broken commit changes nothing, and says where it is broken");
        var files = open.Followed.Repository;
        await files.CommitAsync(
            "A slip of the finger",
            [($"environments/{StoryFleet.Production}.yaml", $"relase: {Bad}\n")],
            cancellationToken
        );
        await open.Followed.SyncAsync(cancellationToken);
        var broken = await stage.ShowAsync(cancellationToken, "fleet", "status");
        stage.Expect(broken, ExitCodes.Blocked, $"environments/{StoryFleet.Production}.yaml", "Ada Berg");
        await files.GitAsync(["revert", "--no-edit", "--quiet", "HEAD"], cancellationToken);
        await open.Followed.SyncAsync(cancellationToken);
        stage.Say("reverted");
        stage.Expect(await stage.ShowAsync(cancellationToken, "fleet", "status"), 0);
    }

    private static async Task RewrittenHistoryAsync(Stage stage, OpenFleet open, CancellationToken cancellationToken)
    {
        stage.Scene("5. A history that was written anew is not followed until a person says so");
        var files = open.Followed.Repository;
        await files.GitAsync(["commit", "--amend", "--quiet", "--message=Another past"], cancellationToken);
        await open.Followed.SyncAsync(cancellationToken);
        stage.Expect(
            await stage.ShowAsync(cancellationToken, "fleet", "status"),
            ExitCodes.Blocked,
            "source-rewritten"
        );
        var head = (await files.GitAsync(["rev-parse", "HEAD"], cancellationToken)).Trim();
        stage.Expect(
            await stage.ShowAsync(cancellationToken, "fleet", "accept", head, "--reason", "amended by hand"),
            0
        );
    }

    private async Task BadReleaseAsync(Stage stage, OpenFleet open, CancellationToken cancellationToken)
    {
        stage.Scene($"6. {Bad} fails in staging, goes back by itself, and is held");
        var rollout = await open.Followed.AskAsync(Staging, Bad, open.Releases[Bad], cancellationToken);
        await stage.ExpectEndAsync(rollout, Bad, "rolled_back", cancellationToken);
        var refused = await stage.ShowAsync(
            cancellationToken,
            "promote",
            Bad,
            "--to",
            StoryFleet.Production,
            "--fleet",
            "."
        );
        stage.Expect(refused, ExitCodes.Blocked, "staging");
        stage.Expect(await stage.ShowAsync(cancellationToken, "promotion", "list"), 0, Bad);
    }

    private async Task ManualChangeAsync(Stage stage, CancellationToken cancellationToken)
    {
        stage.Scene("7. A change by hand is named, and made equal again by the engine");
        var tenant = Fleet.Tenants[^1];
        await using (var database = new NpgsqlConnection(site.Connection("postgres")))
        {
            await database.OpenAsync(cancellationToken);
            await using var command = database.CreateCommand();
            command.CommandText = $"grant connect on database \"{tenant.Database}\" to public";
            await command.ExecuteNonQueryAsync(cancellationToken);
            stage.Say($"somebody: {command.CommandText}");
        }

        await stage.WaitForAsync("the live state is compared", cancellationToken, "drift", "check", "--wait");
        var shown = await stage.ShowAsync(cancellationToken, "drift", "show");
        stage.Expect(shown, ExitCodes.Blocked, tenant.Name);
        var healed = await stage.ShowAsync(
            cancellationToken,
            "drift",
            "heal",
            tenant.Name,
            "--reason",
            "nobody but its pool may connect"
        );
        stage.Expect(healed, 0);
        await stage.WaitForAsync("it is compared again", cancellationToken, "drift", "check", "--wait");
        var after = await stage.ShowAsync(cancellationToken, "drift", "show");
        stage.Expect(after, 0);
    }
}
