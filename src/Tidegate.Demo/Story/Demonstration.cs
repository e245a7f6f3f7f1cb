using Tidegate.Cli.Client;
using Tidegate.Demo.Reporting;
using Tidegate.Demo.Screens;

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

            using var controlPlane = new ControlPlaneClient(site.ServerAddress);
            var story = Story(site, controlPlane, repository, home);
            var open = await new Opening(site, repository, controlPlane, screen, clock).OpenAsync(
                story.Fleet,
                story.Chapters,
                cancellationToken
            );
            var end = await story.TellAsync(open, cancellationToken);
            Finish(end, () => KeptSite.Of(site, story.Fleet, open), home, clock.GetElapsedTime(began));
            return end.Deviations.Count == 0 ? 0 : 1;
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

    private IStory Story(DemoSite site, ControlPlaneClient controlPlane, Repository repository, DemoHome home) =>
        options.Story switch
        {
            StoryName.Releases => new ReleasesStory(site, controlPlane, repository, screen, clock),
            StoryName.Protection => new ProtectionStory(site, controlPlane, repository, screen, clock),
            StoryName.Governance => new GovernanceStory(site, controlPlane, repository, screen, clock),
            _ => new CutoverStory(
                site,
                controlPlane,
                [
                    .. Chapter.Of(repository.SampleAddons),
                    .. options.Releases is { } more ? Chapter.Further(more.FullName) : [],
                ],
                home.Evidence,
                screen,
                clock
            ),
        };

    private void Finish(StoryEnd end, Func<KeptSite> keeping, DemoHome home, TimeSpan took)
    {
        var report = new DemoReport(Math.Round(took.TotalSeconds, 1), end.Rollouts);
        if (report.Rollouts.Count > 0)
        {
            screen.Summarise(report);
        }

        if (options.Json is { } json)
        {
            File.WriteAllText(json.FullName, report.ToJson());
        }

        if (options.Keep is { } keep)
        {
            var kept = keeping();
            kept.Write(keep);
            home.SiteStays = true;
            screen.Say($"the site stays up; {keep.FullName} says where everything is. Stop it with: {kept.Stop}");
        }

        screen.Say(
            end.Deviations.Count == 0
                ? $"The story came out as told, in {Duration.Text(took)}."
                : $"The story did not come out as told: {string.Join(' ', end.Deviations)}"
        );
        if (end.Deviations.Count > 0)
        {
            home.KeepForAutopsy(screen);
        }
    }
}
