using ArchUnitNET.Fluent.Slices;
using ArchUnitNET.xUnitV3;

namespace Tidegate.Tests.Architecture;

public sealed class FolderCycleTests
{
    [Fact]
    public void Capability_folders_form_no_cycle() =>
        SliceRuleDefinition
            .Slices()
            .Matching("Tidegate.ControlPlane.(*)")
            .Should()
            .BeFreeOfCycles()
            .Check(Rules.Product);

    [Fact]
    public void A_cycle_of_folders_is_found() =>
        Assert.False(
            SliceRuleDefinition
                .Slices()
                .Matching("Tidegate.Tests.Architecture.Cyclic.(*)")
                .Should()
                .BeFreeOfCycles()
                .HasNoViolations(Rules.Product)
        );
}
