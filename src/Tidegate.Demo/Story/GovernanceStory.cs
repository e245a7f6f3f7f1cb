using Npgsql;
using Tidegate.Cli;
using Tidegate.Cli.Client;
using Tidegate.Demo.Screens;
using Tidegate.Demo.Shops;
using Tidegate.Drivers.Databases;

namespace Tidegate.Demo.Story;

/// <summary>Who may do what and when: access that is closed, a freeze, people who have to agree, a night without git, and a ledger that tells who touched it.</summary>
internal sealed class GovernanceStory(
    DemoSite site,
    ControlPlaneClient controlPlane,
    Repository repository,
    IScreen screen,
    TimeProvider clock
) : IStory
{
    private const string Next = "2026.11.2";
    private const string Later = "2026.11.3";
    private const string Fix = "2026.11.6";
    private const string Tenant = "shop-oslo";
    private const string Why = "the tills do not print";

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private static readonly (string Name, string Terms) Production = StoryFleet.Governance.Environments[0];

    private readonly Operator _home = new(site.ServerAddress, site.Layout.Home);

    public StoryFleet Fleet => StoryFleet.Governance;

    // In the order in which they are registered: what comes after the fix is newer.
    public IReadOnlyList<Chapter> Chapters { get; } =
    [
        .. new[] { Next, Fix, Later }.Select(release =>
            Chapter.Of(repository.SampleAddons).Single(chapter => chapter.Release == release)
        ),
    ];

    public async Task<StoryEnd> TellAsync(OpenFleet open, CancellationToken cancellationToken)
    {
        var stage = new Stage(_home, controlPlane, screen);
        var cast = await AccessAsync(stage, cancellationToken);
        await FrozenAsync(stage, open, cast, cancellationToken);
        await ApprovedAsync(stage, open, cast, cancellationToken);
        var emergency = await NightAsync(stage, open, cast, cancellationToken);
        await ReviewedAsync(stage, open, cast, emergency, cancellationToken);
        await LedgerAsync(stage, cast, cancellationToken);
        return new([], stage.Deviations);
    }

    private async Task<Cast> AccessAsync(Stage stage, CancellationToken cancellationToken)
    {
        stage.Scene(
            "1. A new home is open to the user who owns it; from here on people sign in, and grants alone count"
        );
        stage.Expect(await stage.ShowAsync(cancellationToken, "access", "status"), ExitCodes.Done, "Access is open");
        var people = new People(site, _home);
        var anna = await people.FirstAsync(stage, "anna", cancellationToken);
        Cast cast;
        await using (screen.Begin("  anna makes accounts for the others, who choose their passwords"))
        {
            cast = new(
                await people.AddAsync(anna, "nora", ["release-manager", "approver"], cancellationToken),
                await people.AddAsync(anna, "ada", ["approver"], cancellationToken),
                await people.AddAsync(anna, "bo", ["approver"], cancellationToken),
                await people.AddAsync(anna, "eva", ["approver"], cancellationToken),
                await people.AddAsync(anna, "olav", ["approver", "viewer"], cancellationToken),
                await people.AddAsync(anna, "ines", ["auditor"], cancellationToken)
            );
            var user = (await Tool.RunAsync("id", ["-u"], cancellationToken)).Trim();
            await People.GrantAsync(anna, $"os/{user}", "viewer", cancellationToken);
        }

        stage.Expect(
            await stage.ShowAsync(anna, cancellationToken, "access", "grants", "list"),
            ExitCodes.Done,
            "nora"
        );
        string[] close = ["access", "close", "--reason", "others get in from today on"];
        stage.Expect(await stage.ShowAsync(anna, cancellationToken, close), ExitCodes.Done);
        string[] start = ["rollout", "start", "--release", Next];
        stage.Expect(await stage.ShowAsync(cancellationToken, start), ExitCodes.NotAllowed, "may not");
        stage.Expect(await stage.ShowAsync(anna, cancellationToken, start), ExitCodes.NotAllowed, "may not");
        return cast;
    }

    private async Task FrozenAsync(Stage stage, OpenFleet open, Cast cast, CancellationToken cancellationToken)
    {
        stage.Scene(
            $"2. {Next} is asked for in a freeze: it waits, and everybody is told for which line of which file"
        );
        var files = open.Followed.Repository;
        var commit = await files.CommitAsync(
            $"{Next} to {Production.Name}; two managers have to agree; nothing starts on Black Friday",
            [
                .. GovernanceTexts.Rules,
                GovernanceTexts.Frozen(clock.GetUtcNow(), isOn: true),
                FleetTexts.Release(Next, open.Releases[Next]),
                FleetTexts.Environment(Production, Next),
            ],
            cancellationToken
        );
        stage.Say($"ada: commit {commit}");
        await SyncAsync(stage, cast, cancellationToken);
        await UntilBlockedAsync(stage, "frozen", cancellationToken);
        stage.Expect(
            await stage.ShowAsync(cast.Nora, cancellationToken, "calendar", "ask", Tenant, "--release", Next),
            ExitCodes.Blocked,
            "The freeze trading/black-friday holds"
        );
        stage.Expect(
            await stage.ShowAsync(cast.Nora, cancellationToken, "calendar", "timetable", "--release", Next),
            ExitCodes.Done,
            "last tenant done"
        );
    }

    private async Task ApprovedAsync(Stage stage, OpenFleet open, Cast cast, CancellationToken cancellationToken)
    {
        stage.Scene(
            "3. The freeze is over. Two of four managers have to agree to exactly this plan, and one more, since nobody signed the commit"
        );
        await open.Followed.Repository.CommitAsync(
            "Black Friday is over",
            [GovernanceTexts.Frozen(clock.GetUtcNow(), isOn: false)],
            cancellationToken
        );
        await SyncAsync(stage, cast, cancellationToken);
        await UntilBlockedAsync(stage, "approval-missing", cancellationToken);
        var listed = await stage.ShowAsync(cast.Nora, cancellationToken, "approval", "list");
        var approval = Word(listed, "a-");
        string[] give = ["approval", "give", approval];
        stage.Expect(await stage.ShowAsync(cast.Ada, cancellationToken, give), ExitCodes.Blocked, "ada");
        stage.Expect(await stage.ShowAsync(cast.Ines, cancellationToken, give), ExitCodes.NotAllowed, "may not");
        foreach (var manager in new[] { cast.Bo, cast.Eva })
        {
            stage.Expect(await stage.ShowAsync(manager, cancellationToken, give), ExitCodes.Done, "is open");
        }

        stage.Expect(await stage.ShowAsync(cast.Olav, cancellationToken, give), ExitCodes.Done, "is approved");
        var rollout = await open.Followed.RolloutOfAsync(Production.Name, Next, cancellationToken);
        await stage.ExpectEndAsync(rollout, Next, "completed", cancellationToken);
    }

    /// <returns>The emergency's id.</returns>
    private async Task<string> NightAsync(Stage stage, OpenFleet open, Cast cast, CancellationToken cancellationToken)
    {
        stage.Scene(
            "4. Three in the morning: a freeze is on, the git host is away, nora is alone, and the tills do not print"
        );
        var files = open.Followed.Repository;
        await files.CommitAsync(
            "Nothing starts on Black Friday",
            [GovernanceTexts.Frozen(clock.GetUtcNow(), isOn: true)],
            cancellationToken
        );
        await SyncAsync(stage, cast, cancellationToken);
        stage.Say($"somebody: mv {Path.GetFileName(files.Folder)} away");
        Directory.Move(files.Folder, Away(files));
        stage.Expect(
            await stage.ShowAsync(cast.Nora, cancellationToken, "fleet", "sync"),
            ExitCodes.Blocked,
            "unreachable"
        );
        string[] start = ["rollout", "start", "--release", Fix];
        stage.Expect(await stage.ShowAsync(cast.Nora, cancellationToken, start), ExitCodes.Blocked, "git says");
        string[] mend = [.. start, "--emergency", "--reason", Why];
        stage.Expect(
            await stage.ShowAsync(cast.Nora, cancellationToken, [.. mend, "--override", "checkpoint"]),
            ExitCodes.Usage,
            "nothing goes past checkpoint"
        );
        string[] named = ["--override", "freeze:black-friday"];
        stage.Expect(
            await stage.ShowAsync(cast.Nora, cancellationToken, [.. mend, .. named]),
            ExitCodes.Blocked,
            "gate approved"
        );
        stage.Expect(
            await stage.ShowAsync(cast.Nora, cancellationToken, ["calendar", "ask", Tenant, .. named]),
            ExitCodes.Done,
            $"past {GovernanceTexts.Freeze}"
        );
        var started = await stage.ShowAsync(
            cast.Nora,
            cancellationToken,
            [.. mend, "--override", "approved", .. named]
        );
        stage.Expect(started, ExitCodes.Done);
        await stage.ExpectEndAsync(started.Output.Trim(), Fix, "completed", cancellationToken);
        var listed = await stage.ShowAsync(cast.Nora, cancellationToken, "emergency", "list");
        stage.Expect(listed, ExitCodes.Done, Why);
        return Word(listed, "e-");
    }

    private async Task ReviewedAsync(
        Stage stage,
        OpenFleet open,
        Cast cast,
        string emergency,
        CancellationToken cancellationToken
    )
    {
        stage.Scene(
            "5. In the morning a second person says yes, and nothing ordinary goes on until somebody else has looked"
        );
        var files = open.Followed.Repository;
        Directory.Move(Away(files), files.Folder);
        await SyncAsync(stage, cast, cancellationToken);
        await UntilBlockedAsync(stage, "release-not-in-git", cancellationToken);
        string[] second = ["emergency", "second", emergency];
        stage.Expect(await stage.ShowAsync(cast.Nora, cancellationToken, second), ExitCodes.Blocked, "nora began");
        stage.Expect(await stage.ShowAsync(cast.Bo, cancellationToken, second), ExitCodes.Done, "seconded");
        await files.CommitAsync(
            $"{Later} to {Production.Name}; Black Friday is over",
            [
                GovernanceTexts.Frozen(clock.GetUtcNow(), isOn: false),
                FleetTexts.Release(Later, open.Releases[Later]),
                FleetTexts.Environment(Production, Later),
            ],
            cancellationToken
        );
        stage.Say($"ada: commits that {Production.Name} is to run {Later}");
        await SyncAsync(stage, cast, cancellationToken);
        await UntilAsync("approval-missing", isThere: true, cancellationToken);
        stage.Expect(
            await stage.ShowAsync(cast.Olav, cancellationToken, "blockers"),
            ExitCodes.Done,
            "review-open",
            "approval-missing"
        );
        string[] close = ["emergency", "close", emergency, "--reason"];
        string[] own = [.. close, "all is well"];
        stage.Expect(await stage.ShowAsync(cast.Nora, cancellationToken, own), ExitCodes.Blocked, "nora began");
        string[] found = [.. close, "a driver was missing; the freeze was right"];
        stage.Expect(await stage.ShowAsync(cast.Olav, cancellationToken, found), ExitCodes.Done, "closed");
        await UntilAsync("review-open", isThere: false, cancellationToken);
        var after = await stage.ShowAsync(cast.Olav, cancellationToken, "blockers");
        stage.Expect(after, ExitCodes.Done, "approval-missing");
        stage.Expect(
            !after.Output.Contains("review-open", StringComparison.Ordinal),
            "The review that was closed is still in the way."
        );
    }

    private async Task LedgerAsync(Stage stage, Cast cast, CancellationToken cancellationToken)
    {
        stage.Scene(
            "6. The auditor checks the ledger without a server, and finds that somebody has changed a word of it"
        );
        var (key, kept) = (Path.Combine(site.Layout.Home, "key.pem"), Path.Combine(site.Layout.Home, "kept.jsonl"));
        File.Copy(site.Layout.LedgerPublicKey, key);
        await SignedAsync(cast, cancellationToken);
        File.Copy(site.Layout.LedgerCheckpoints, kept);
        string[] verify =
        [
            "ledger",
            "verify",
            "--from",
            "ledger.jsonl",
            "--key",
            "key.pem",
            "--checkpoints",
            "kept.jsonl",
        ];
        string[] export = ["ledger", "export", "--to", "ledger.jsonl"];
        stage.Expect(await stage.ShowAsync(cast.Ines, cancellationToken, export), ExitCodes.Done);
        stage.Expect(await stage.ShowAsync(cancellationToken, verify), ExitCodes.Done, "PASS");
        stage.Say($"somebody who rules PostgreSQL: {await RewriteAsync(cancellationToken)}");
        stage.Expect(await stage.ShowAsync(cast.Ines, cancellationToken, export), ExitCodes.Done);
        stage.Expect(await stage.ShowAsync(cancellationToken, verify), ExitCodes.Blocked, "chain-broken", "FAIL");
    }

    /// <summary>The trail of the night is made to say something else, past the triggers that refuse it.</summary>
    /// <returns>The statement.</returns>
    private async Task<string> RewriteAsync(CancellationToken cancellationToken)
    {
        const string Statement =
            $"update ledger set reason = replace(reason, '{Why}', 'it was planned') where reason like '%{Why}%'";
        await using var connection = new NpgsqlConnection(
            site.Layout.Cluster.ConnectionString(DatabaseNames.ControlDatabase, SitePostgres.Superuser, "somebody")
        );
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            $"alter table ledger disable trigger user; {Statement}; alter table ledger enable trigger user",
            connection
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
        return Statement;
    }

    /// <summary>What was done so far is sealed, signed and written outside the database.</summary>
    private async Task SignedAsync(Cast cast, CancellationToken cancellationToken)
    {
        await using (screen.Begin("  the ledger is sealed and signed by itself, every ten seconds"))
        {
            await UntilAsync(
                async () =>
                    (await cast.Ines.DoAsync(["ledger", "status"], cancellationToken)).Lines.ToList() is var lines
                    && lines.Exists(line => line.StartsWith("unsealed  0", StringComparison.Ordinal))
                    && Number(lines, "signed") == Number(lines, "sealed"),
                "The ledger is not signed: tidegate ledger status says more.",
                cancellationToken
            );
        }
    }

    private static long Number(IEnumerable<string> lines, string word) =>
        long.Parse(
            lines
                .First(line => line.StartsWith(word, StringComparison.Ordinal))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
            System.Globalization.CultureInfo.InvariantCulture
        );

    private static async Task SyncAsync(Stage stage, Cast cast, CancellationToken cancellationToken)
    {
        var synced = await cast.Nora.AskAsync(["fleet", "sync", "--wait"], cancellationToken);
        stage.Expect(
            synced.Code is ExitCodes.Done or ExitCodes.Blocked,
            $"{synced.Line} ended with exit code {synced.Code}: {string.Join(' ', synced.Lines)}"
        );
    }

    /// <summary>Waits until a blocker of that code is there, and shows how it reads.</summary>
    private async Task UntilBlockedAsync(Stage stage, string code, CancellationToken cancellationToken)
    {
        await UntilAsync(code, isThere: true, cancellationToken);
        stage.Expect(await stage.ShowAsync(cancellationToken, "blockers"), ExitCodes.Done, code);
    }

    private Task UntilAsync(string code, bool isThere, CancellationToken cancellationToken) =>
        UntilAsync(
            async () =>
                (await _home.DoAsync(["blockers"], cancellationToken)).Output.Contains(
                    $"({code})",
                    StringComparison.Ordinal
                ) == isThere,
            isThere ? $"{code} is no blocker." : $"{code} is a blocker still.",
            cancellationToken
        );

    private async Task UntilAsync(Func<Task<bool>> condition, string otherwise, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500), clock);
        while (!await condition())
        {
            if (clock.GetElapsedTime(began) > Bound)
            {
                throw new StoryException(otherwise);
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <summary>The first word of an answer that begins so.</summary>
    private static string Word(CommandAnswer answer, string beginning) =>
        answer
            .Lines.SelectMany(line => line.Split(' '))
            .FirstOrDefault(word => word.StartsWith(beginning, StringComparison.Ordinal))
        ?? throw new StoryException($"{answer.Line} names nothing that begins with {beginning}.");

    private static string Away(FleetRepository files) => $"{files.Folder}.away";

    /// <summary>Who is in it, beside the administrator.</summary>
    private sealed record Cast(Operator Nora, Operator Ada, Operator Bo, Operator Eva, Operator Olav, Operator Ines);
}
