using System.Globalization;
using Npgsql;
using Tidegate.Cli;
using Tidegate.Cli.Client;
using Tidegate.Demo.Screens;
using Tidegate.Demo.Shops;
using Tidegate.Demo.Traffic;

namespace Tidegate.Demo.Story;

/// <summary>Backups that count only when they were restored, what a way back costs before anybody takes it, and a cluster that is lost for real.</summary>
internal sealed class ProtectionStory(
    DemoSite site,
    ControlPlaneClient controlPlane,
    Repository repository,
    IScreen screen,
    TimeProvider clock
) : IStory
{
    private const string First = StoryFleet.FirstRelease;
    private const string Next = "2026.11.2";
    private const string Tenant = "shop-oslo";

    private static readonly (string Name, string Terms) Production = StoryFleet.Protection.Environments[0];

    private static readonly TimeSpan ArchiveBound = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan StartBound = TimeSpan.FromMinutes(2);

    private readonly Operator _shell = new(site.ServerAddress, site.Layout.Home);
    private readonly Mishaps _mishaps = new(site);

    public StoryFleet Fleet => StoryFleet.Protection;

    public IReadOnlyList<Chapter> Chapters { get; } =
    [.. Chapter.Of(repository.SampleAddons).Where(chapter => chapter.Release is Next)];

    public async Task<StoryEnd> TellAsync(OpenFleet open, CancellationToken cancellationToken)
    {
        var stage = new Stage(_shell, controlPlane, screen);
        var run = string.Create(CultureInfo.InvariantCulture, $"demo-{clock.GetUtcNow():HHmmss}");
        var shop = Fleet.Shops(open.Passwords.Shop.Password).Single(shop => shop.Tenant == Tenant);
        var clerk = new Clerk(site, shop, run, clock);
        await ProvenBackupAsync(stage, cancellationToken);
        await FlippedByteAsync(stage, cancellationToken);
        await RehearsedAsync(stage, cancellationToken);
        await UpgradedAndSoldAsync(stage, open, clerk, cancellationToken);
        await LostPricesAsync(stage, clerk, cancellationToken);
        await DrillAsync(stage, cancellationToken);
        await LostClusterAsync(stage, clerk, shop, cancellationToken);
        return new([], stage.Deviations);
    }

    private static async Task ProvenBackupAsync(Stage stage, CancellationToken cancellationToken)
    {
        stage.Scene("1. A backup counts when a server was started from it and every page was read");
        stage.Expect(await stage.ShowAsync(cancellationToken, "backup", "run"), ExitCodes.Done);
        stage.Expect(await stage.ShowAsync(cancellationToken, "backup", "verify"), ExitCodes.Done);
        stage.Expect(await stage.ShowAsync(cancellationToken, "backup", "list"), ExitCodes.Done, "good");
    }

    private async Task FlippedByteAsync(Stage stage, CancellationToken cancellationToken)
    {
        stage.Scene("2. A backup with one wrong byte is not good, whatever its tool says");
        var file = LargestFile(Path.Combine(site.Layout.BackupRepository, "backup"));
        stage.Say($"somebody: flips a byte in the middle of {Path.GetRelativePath(site.Layout.Home, file)}");
        await Mishaps.FlipByteAsync(file, cancellationToken);
        stage.Expect(await stage.ShowAsync(cancellationToken, "backup", "verify"), ExitCodes.EndedBadly, "checksum");
        stage.Say("flipped back");
        await Mishaps.FlipByteAsync(file, cancellationToken);
        stage.Expect(await stage.ShowAsync(cancellationToken, "backup", "verify"), ExitCodes.Done);
    }

    private static async Task RehearsedAsync(Stage stage, CancellationToken cancellationToken)
    {
        stage.Scene($"3. {Next} is rehearsed on a neutral, masked copy out of that backup, the old code on it as well");
        string[] rehearse = ["rehearse", Next, "--tenant", Tenant];
        stage.Expect(await stage.ShowAsync(cancellationToken, rehearse), ExitCodes.Done, "passed", "predicted hold");
    }

    private async Task UpgradedAndSoldAsync(
        Stage stage,
        OpenFleet open,
        Clerk clerk,
        CancellationToken cancellationToken
    )
    {
        stage.Scene($"4. After {Next} the shop has sold: its way back has a price, and nobody pays it by mistake");
        var rollout = await open.Followed.AskAsync(Production, Next, open.Releases[Next], cancellationToken);
        await stage.ExpectEndAsync(rollout, Next, "completed", cancellationToken);
        var sold = await clerk.SellAsync(cancellationToken);
        stage.Say($"{Tenant} sells: order {sold.Number}");
        stage.Expect(await stage.ShowAsync(cancellationToken, "tenant", "way-back", Tenant), ExitCodes.Done);
        string[] restore = ["tenant", "restore", Tenant, "--to", "checkpoint"];
        var refused = await stage.ShowAsync(cancellationToken, restore);
        stage.Expect(refused, ExitCodes.Blocked, "1 order");
        // The order, its transfer and its stock move.
        string[] accepted = [.. restore, "--accept-loss", "3"];
        var back = await stage.WaitForAsync($"$ tidegate {string.Join(' ', accepted)}", cancellationToken, accepted);
        stage.Expect(back, ExitCodes.Done);
        stage.Expect(await stage.ShowAsync(cancellationToken, "tenant", "list"), ExitCodes.Done, First);
        stage.Expect(
            await clerk.FindAsync(sold.Reference, cancellationToken) is null,
            $"{sold.Number} is still there."
        );
        await ExpectExportedAsync(stage, sold, cancellationToken);
        var again = await clerk.SellAsync(cancellationToken);
        stage.Say($"{Tenant} sells again: order {again.Number}, a number that no customer has");
        stage.Expect(
            string.CompareOrdinal(again.Number, sold.Number) > 0,
            $"order {again.Number} comes after {sold.Number}, which a customer has."
        );
    }

    private async Task LostPricesAsync(Stage stage, Clerk clerk, CancellationToken cancellationToken)
    {
        stage.Scene(
            $"5. {Tenant} loses its prices to a slip: it alone goes to the moment before, the other shop sells on"
        );
        var before = await clerk.PricesAsync(cancellationToken);
        var moment = clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        stage.Say($"somebody: {await _mishaps.LosePricesAsync(Tenant, cancellationToken)}");
        // No order may be lost. How many mails went out since nobody counted, and that has to be accepted.
        string[] restore = ["tenant", "restore", Tenant, "--to", moment, "--accept-loss", "0", "--yes"];
        stage.Expect(await stage.ShowAsync(cancellationToken, restore), ExitCodes.Done);
        var after = await clerk.PricesAsync(cancellationToken);
        stage.Say($"prices of {Tenant}, added up: {before} before, {after} after");
        stage.Expect(after == before, $"the prices of {Tenant} are {after}, and were {before}.");
    }

    private async Task ExpectExportedAsync(Stage stage, SoldOrder sold, CancellationToken cancellationToken)
    {
        foreach (
            var file in Directory.EnumerateFiles(site.Layout.Evidence, "lost-orders.json", SearchOption.AllDirectories)
        )
        {
            var lost = await File.ReadAllTextAsync(file, cancellationToken);
            if (lost.Contains(sold.Reference, StringComparison.Ordinal))
            {
                stage.Say($"order {sold.Number} is kept in {Path.GetRelativePath(site.Layout.Home, file)}");
                return;
            }
        }

        stage.Expect(false, $"order {sold.Number} was not exported before the way back.");
    }

    private static async Task DrillAsync(Stage stage, CancellationToken cancellationToken)
    {
        stage.Scene("6. A drill plays the loss of the cluster through, beside production, against the objective");
        stage.Expect(
            await stage.ShowAsync(cancellationToken, "drill", "run", "cluster-loss", "--site", "local"),
            ExitCodes.Done,
            "order-capture"
        );
    }

    private async Task LostClusterAsync(Stage stage, Clerk clerk, Shop shop, CancellationToken cancellationToken)
    {
        stage.Scene("7. The cluster is lost for real: killed, and its disk with it");
        var early = await clerk.SellAsync(cancellationToken);
        await ArchivedAsync(cancellationToken);
        var late = await clerk.SellAsync(cancellationToken);
        stage.Say($"orders {early.Number}, archived, and {late.Number}, just now");
        stage.Say("somebody: kill -9 PostgreSQL, rm -rf postgres/data");
        await _mishaps.LoseClusterAsync(cancellationToken);
        var began = clock.GetTimestamp();
        string[] home = ["--home", site.Layout.Home];
        stage.Expect(await stage.ShowAsync(cancellationToken, ["site", "down", .. home]), ExitCodes.Done);
        stage.Expect(await stage.ShowAsync(cancellationToken, ["site", "restore", .. home]), ExitCodes.Done);
        stage.Expect(
            await stage.WaitForAsync("$ tidegate site up", cancellationToken, ["site", "up", .. home]),
            ExitCodes.Done
        );
        await ServingAsync(shop, cancellationToken);
        var after = await clerk.SellAsync(cancellationToken);
        stage.Say($"{Tenant} sells order {after.Number}, {Duration.Text(clock.GetElapsedTime(began))} after the loss");
        stage.Expect(
            await clerk.FindAsync(early.Reference, cancellationToken) is not null,
            $"order {early.Number} had been archived and is lost."
        );
        var isBack = await clerk.FindAsync(late.Reference, cancellationToken) is not null;
        stage.Say(
            $"order {early.Number} is back; {late.Number} {(isBack ? "too" : "is lost, as its segment was not archived")}"
        );
        stage.Expect(await stage.ShowAsync(cancellationToken, "backup", "run"), ExitCodes.Done);
    }

    /// <summary>What was written so far has left the machine's disk, by itself, within <c>archive_timeout</c>.</summary>
    private async Task ArchivedAsync(CancellationToken cancellationToken)
    {
        await using var waiting = screen.Begin("  its segment is archived by itself, within 60 s");
        await using var database = new NpgsqlConnection(site.Connection("postgres"));
        await database.OpenAsync(cancellationToken);
        await using var written = new NpgsqlCommand("select pg_walfile_name(pg_current_wal_lsn())", database);
        await using var archived = new NpgsqlCommand("select last_archived_wal >= $1 from pg_stat_archiver", database);
        archived.Parameters.Add(new() { Value = await written.ExecuteScalarAsync(cancellationToken) });
        var began = clock.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500), clock);
        while (await archived.ExecuteScalarAsync(cancellationToken) is not true)
        {
            if (clock.GetElapsedTime(began) > ArchiveBound)
            {
                throw new StoryException("The log is not archived: tidegate backup status says more.");
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <summary>The control plane has started the pools' generations again, and the shop shows its log-in page.</summary>
    private async Task ServingAsync(Shop shop, CancellationToken cancellationToken)
    {
        await using var starting = screen.Begin("  the pools' generations start");
        using var browser = new HttpClient { BaseAddress = new($"http://127.0.0.1:{site.GatewayPort}") };
        browser.DefaultRequestHeaders.Host = shop.Hosts[0];
        var began = clock.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500), clock);
        while (true)
        {
            using var page = await browser.GetAsync(new Uri("/web/login", UriKind.Relative), cancellationToken);
            if (page.IsSuccessStatusCode)
            {
                return;
            }

            if (clock.GetElapsedTime(began) > StartBound)
            {
                throw new StoryException($"{shop.Tenant} is not served by the restored site: {page.StatusCode}.");
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    private static string LargestFile(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).MaxBy(file => new FileInfo(file).Length)!;
}
