using Tidegate.ControlPlane.Catalog.Gates;
using Tidegate.ControlPlane.Catalog.Validations;

namespace Tidegate.IntegrationTests.Catalog;

/// <summary>All samples are one release: gates must tell them apart as they must tell real modules apart.</summary>
public sealed class SampleRelease : IAsyncLifetime
{
    private readonly GateFolder folder = new();

    public Validation Validation { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        // A folder without modules is refused, and the release before has few.
        folder.Module("before", "bystander", []);
        folder.Module("addons", "bystander", []);
        foreach (var sample in GateSamples.All)
        {
            folder.Module("addons", sample.BadModule, sample.Bad);
            folder.Module("addons", sample.GoodModule, sample.Good);
            if (sample.Before is { } before)
            {
                folder.Module("before", sample.BadModule, before);
                folder.Module("before", sample.GoodModule, before);
            }
        }

        Validation = await folder.ValidateAsync("before");
    }

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }
}

public sealed class GateSampleTests(SampleRelease release) : IClassFixture<SampleRelease>
{
    // Rules that no file of a module can break; their tests are named here.
    private static readonly string[] ShownElsewhere =
    [
        "tree-unfit", // HostileModuleTests
        "file-not-utf8", // HostileModuleTests
        "file-too-large", // HostileModuleTests
        "file-unreadable", // StaticGateTests: root may read everything
        "inspection-failed", // HostileModuleTests
        "mtime-not-normalised", // ReleaseValidateTests: a bundle's
        "licence-not-yours", // StaticGateTests: of whom it is offered to
    ];

    public static TheoryData<string> Codes => [.. GateSamples.All.Select(sample => sample.Code)];

    [Fact]
    public void Every_rule_has_samples() =>
        Assert.Equal(
            StaticGates.All.SelectMany(gate => gate.Rules).Select(rule => rule.Code).Order(StringComparer.Ordinal),
            GateSamples.All.Select(sample => sample.Code).Concat(ShownElsewhere).Order(StringComparer.Ordinal)
        );

    [Theory]
    [MemberData(nameof(Codes))]
    public void A_module_that_breaks_the_rule_is_found_with_its_file_and_what_to_do(string code)
    {
        var sample = GateSamples.All.Single(sample => sample.Code == code);

        var finding = Assert.Single(
            GateFolder.Of(release.Validation, sample.BadModule).Where(finding => finding.Code == code).Take(1)
        );

        Assert.False(string.IsNullOrWhiteSpace(finding.File));
        Assert.False(string.IsNullOrWhiteSpace(finding.What));
        Assert.False(string.IsNullOrWhiteSpace(finding.Mend));
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void A_module_that_keeps_the_rule_passes_all_of_them(string code)
    {
        var sample = GateSamples.All.Single(sample => sample.Code == code);

        Assert.DoesNotContain(
            GateFolder.Of(release.Validation, sample.GoodModule),
            finding => finding.Code == code || finding.Severity is Severity.Error
        );
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void A_broken_rule_is_not_taken_for_another_error(string code)
    {
        var sample = GateSamples.All.Single(sample => sample.Code == code);

        Assert.All(
            GateFolder.Of(release.Validation, sample.BadModule).Where(finding => finding.Severity is Severity.Error),
            finding => Assert.Equal(code, finding.Code)
        );
    }
}
