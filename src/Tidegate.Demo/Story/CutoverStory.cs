using System.Globalization;
using Tidegate.Cli.Client;
using Tidegate.Demo.Recording;
using Tidegate.Demo.Screens;
using Tidegate.Demo.Traffic;

namespace Tidegate.Demo.Story;

/// <summary>Good and bad releases, code and data, go to shops that sell meanwhile; a commit asks for each.</summary>
internal sealed class CutoverStory(
    DemoSite site,
    ControlPlaneClient controlPlane,
    IReadOnlyList<Chapter> chapters,
    string evidence,
    IScreen screen,
    TimeProvider clock
) : IStory
{
    private static readonly TimeSpan CalmBound = TimeSpan.FromMinutes(1);

    public StoryFleet Fleet => StoryFleet.Cutover;

    public IReadOnlyList<Chapter> Chapters => chapters;

    /// <summary>Sends the customers in and rolls the releases out, one after another.</summary>
    public async Task<StoryEnd> TellAsync(OpenFleet open, CancellationToken cancellationToken)
    {
        var run = string.Create(CultureInfo.InvariantCulture, $"demo-{clock.GetUtcNow():HHmmss}");
        await using var driver = await EnterAsync(run, open, cancellationToken);
        var book = new PostgresOrderBook(tenant =>
            site.Connection(Fleet.Tenants.Single(known => known.Name == tenant).Database)
        );
        var recorder = new Recorder(driver, book, run, clock);
        await using (screen.Begin("shops keep up with their customers"))
        {
            if (!await recorder.CalmAsync(CalmBound, cancellationToken))
            {
                screen.Say("this machine is too busy for its shops; expect slow answers and time-outs");
            }
        }

        var rollouts = new StoryRollout(controlPlane, recorder, clock);
        var teller = new StoryTeller(screen, site, open, rollouts, recorder, evidence, clock);
        foreach (var chapter in chapters)
        {
            await teller.TellAsync(chapter, cancellationToken);
        }

        await driver.StopAsync(cancellationToken);
        return new(teller.Told, teller.Deviations);
    }

    private async Task<TrafficDriver> EnterAsync(string run, OpenFleet open, CancellationToken cancellationToken)
    {
        await using (screen.Begin("customers enter the shops"))
        {
            return await TrafficDriver.StartAsync(
                Fleet.Shops(open.Passwords.Shop.Password),
                new() { GatewayPort = site.GatewayPort, Run = run },
                clock,
                cancellationToken
            );
        }
    }
}
