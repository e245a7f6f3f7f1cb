using Tidegate.ControlPlane.Fleet;
using Tidegate.Demo.Story;
using Tidegate.Tests.DesiredState;

namespace Tidegate.Tests.Demo;

public sealed class FleetTextsTests
{
    private static readonly ReleaseDigest First = ReleaseDigest.Create($"sha256:{new string('1', 64)}");

    private static readonly DateTimeOffset Now = new(2026, 11, 27, 3, 0, 0, TimeSpan.Zero);

    public static TheoryData<string> Stories => ["cutover", "promotion", "governance"];

    [Theory]
    [MemberData(nameof(Stories))]
    public void The_fleet_of_a_story_is_a_good_fleet_and_says_what_the_story_has(string story)
    {
        var fleet = story switch
        {
            "cutover" => StoryFleet.Cutover,
            "governance" => StoryFleet.Governance,
            _ => StoryFleet.Promotion,
        };
        var files = new MemoryFiles();
        foreach (
            var (path, text) in FleetTexts
                .Of(fleet)
                .Append(FleetTexts.Release(StoryFleet.FirstRelease, First))
                .Concat(fleet.Environments.Select(each => FleetTexts.Environment(each, StoryFleet.FirstRelease)))
        )
        {
            files.Put(path, text);
        }

        if (story is "governance")
        {
            foreach (var (path, text) in GovernanceTexts.Rules.Append(GovernanceTexts.Frozen(Now, isOn: true)))
            {
                files.Put(path, text);
            }
        }

        var good = files.Fleet();

        Assert.Equal(
            fleet.Tenants.Select(tenant => tenant.Name).Order(StringComparer.Ordinal),
            good.Tenants.Select(tenant => tenant.Name.Value)
        );
        Assert.All(good.Environments, each => Assert.Equal(StoryFleet.FirstRelease, each.Release?.Value));
        Assert.Equal(
            fleet.Environments.Count(each => each.Terms.Contains("upstream", StringComparison.Ordinal)),
            good.Environments.Count(each => !each.Upstream.IsEmpty)
        );
    }
}
