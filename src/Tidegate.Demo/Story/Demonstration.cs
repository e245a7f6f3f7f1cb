using Tidegate.Demo.Reporting;
using Tidegate.Demo.Screens;
using Tidegate.Demo.Shops;

namespace Tidegate.Demo.Story;

/// <summary>What <c>./demo</c> does from beginning to end; whatever happens, nothing runs afterwards unless it was asked to stay.</summary>
internal sealed class Demonstration(DemoOptions options, IScreen screen, TimeProvider clock)
{
    /// <returns>The exit code: 0 only when the story came out as told.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        var repository = Repository.Find();
        await using var home = DemoHome.Make(options.Home, repository, clock);
        DemoSite? site = null;
        try
        {
            await using (screen.Begin("site up: PostgreSQL, gateway, control plane"))
            {
                site = await DemoSite.UpAsync(home.Path, clock, cancellationToken);
            }

            using var run = new DemoRun(site, repository, screen, clock);
            Chapter[] chapters = [.. Chapters(repository)];
            var passwords = await run.OpenShopsAsync(chapters, cancellationToken);
            var teller = await run.TellAsync(chapters, passwords, home.Evidence, cancellationToken);
            Finish(teller, site, passwords, home, clock.GetElapsedTime(began));
            return teller.Deviations.Count == 0 ? 0 : 1;
        }
        catch when (!cancellationToken.IsCancellationRequested)
        {
            home.KeepForAutopsy(screen);
            throw;
        }
        finally
        {
            if (site is not null && !home.SiteStays)
            {
                await using (screen.Begin("site down"))
                {
                    await site.DownAsync();
                }
            }
        }
    }

    private IEnumerable<Chapter> Chapters(Repository repository) =>
        Chapter.Of(repository.SampleAddons).Concat(options.Releases is { } more ? Chapter.Further(more.FullName) : []);

    private void Finish(StoryTeller teller, DemoSite site, ShopPasswords passwords, DemoHome home, TimeSpan took)
    {
        var report = new DemoReport(Math.Round(took.TotalSeconds, 1), teller.Told);
        screen.Summarise(report);
        if (options.Json is { } json)
        {
            File.WriteAllText(json.FullName, report.ToJson());
        }

        if (options.Keep is { } keep)
        {
            var kept = KeptSite.Of(site, passwords);
            kept.Write(keep);
            home.SiteStays = true;
            screen.Say($"the site stays up; {keep.FullName} says where everything is. Stop it with: {kept.Stop}");
        }

        screen.Say(
            teller.Deviations.Count == 0
                ? $"The story came out as told, in {Duration.Text(took)}."
                : $"The story did not come out as told: {string.Join(' ', teller.Deviations)}"
        );
        if (teller.Deviations.Count > 0)
        {
            home.KeepForAutopsy(screen);
        }
    }
}
