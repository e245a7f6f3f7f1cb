using Tidegate.ControlPlane.Catalog.Modules;

namespace Tidegate.Tests.Catalog;

public sealed class MigrationScriptsTests
{
    [Theory]
    [InlineData("1.1", "19.0.1.0", "19.0.1.1", true)]
    [InlineData("1.1", "19.0.1.1", "19.0.1.1", false)]
    [InlineData("1.1", "19.0.1.0", "19.0.1.0", false)]
    [InlineData("1.2", "19.0.1.0", "19.0.1.1", false)]
    [InlineData("19.0.1.1", "19.0.1.0", "19.0.1.1", true)]
    [InlineData("1.1", "18.0.1.1", "19.0.1.1", false)]
    [InlineData("1.10", "19.0.1.9", "19.0.1.10", true)]
    [InlineData("0.0.0", "19.0.1.0", "19.0.1.1", true)]
    [InlineData("0.0.0", "19.0.1.1", "19.0.1.1", false)]
    [InlineData("v1.1", "19.0.1.0", "19.0.1.1", false)]
    public void A_script_runs_when_its_version_lies_above_the_installed_and_up_to_the_target(
        string folder,
        string installed,
        string target,
        bool runs
    )
    {
        var script = new MigrationScript("shop", folder, "post-fill");

        Assert.Equal(runs ? [script] : [], MigrationScripts.Expected([script], installed, target, "19.0"));
    }
}
