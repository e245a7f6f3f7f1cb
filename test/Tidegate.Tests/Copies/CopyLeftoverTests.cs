using System.Collections.Immutable;
using Tidegate.ControlPlane.Copies;
using Tidegate.ControlPlane.Jobs;

namespace Tidegate.Tests.Copies;

public sealed class CopyLeftoverTests
{
    private static readonly JobId Working = new("j-0199aaaa0000000000000000deadbeef");

    [Theory]
    [InlineData("shop__next", "shop")]
    [InlineData("shop__new", "shop")]
    [InlineData("shop__old_0badcafe", "shop")]
    [InlineData("shop__deadbeef", null)]
    [InlineData("shop__back_deadbeef", null)]
    [InlineData("shop__back_0badcafe", "shop")]
    public void What_unended_work_made_is_no_leftover(string database, string? upgrading) =>
        Assert.Empty(Of(database, upgrading));

    [Theory]
    [InlineData("shop__next", "other")]
    [InlineData("shop__new", null)]
    [InlineData("shop__old_0badcafe", null)]
    [InlineData("shop__0badcafe", "shop")]
    [InlineData("shop__back_0badcafe", null)]
    public void What_nobody_works_on_is_one(string database, string? upgrading) =>
        Assert.Equal(database, Assert.Single(Of(database, upgrading)));

    [Theory]
    [InlineData("shop")]
    [InlineData("tenant__deadbeef__own")]
    [InlineData("tenant__0badcafe")]
    [InlineData("kept__old_0badcafe")]
    [InlineData("recorded__0badcafe")]
    public void A_tenants_own_a_checkpoint_and_a_recorded_copy_are_none(string database) =>
        Assert.Empty(Of(database, null));

    [Fact]
    public void A_folder_belongs_to_its_job_or_to_what_lies_in_it()
    {
        var seen = new SeenCopies(
            [],
            [new("/home/work/j-1", "j-1"), new($"/home/work/{Working}", Working.Value), new("/home/work/j-3", "j-3")],
            []
        );

        Assert.Equal(["/home/work/j-1"], CopyLeftovers.Of(seen, Set(), Set("/home/work/j-3/filestore"), Work(null)));
    }

    private static ImmutableArray<string> Of(string database, string? upgrading) =>
        CopyLeftovers.Of(
            new SeenCopies([new(database, 1)], [], []),
            Set("kept__old_0badcafe"),
            Set("recorded__0badcafe"),
            Work(upgrading)
        );

    private static SiteWork Work(string? upgrading) =>
        new([Working], upgrading is null ? [] : [upgrading], ["tenant__0badcafe"]);

    private static HashSet<string> Set(params string[] names) => [.. names];
}
