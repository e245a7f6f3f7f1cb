using System.Globalization;
using Tidegate.ControlPlane.Catalog.Facts;
using Tidegate.ControlPlane.Catalog.Gates;

namespace Tidegate.OdooTests.Catalog;

/// <summary>Faults in real modules, drawn at random: each is found by the rule that is meant for it. <c>TIDEGATE_SEED</c> draws the same again.</summary>
[Trait("Length", "long")]
public sealed class GateMutationTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Drawn = 72;

    private RealAddons addons = null!;

    public async ValueTask InitializeAsync() => addons = await RealAddons.CopyAsync();

    [Fact]
    public async Task Every_fault_is_found_by_its_rule()
    {
        var seed = int.TryParse(
            Environment.GetEnvironmentVariable("TIDEGATE_SEED"),
            CultureInfo.InvariantCulture,
            out var given
        )
            ? given
            : Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var before = await addons.ReadAsync();
        var known = Judge(before, before);
        // Payment's data names every provider, and those were not copied.
        var errors = known
            .Where(finding => finding.Severity is Severity.Error && finding.Module is not "payment")
            .ToList();
        Assert.True(errors.Count == 0, string.Join('\n', errors.Select(finding => $"{finding.Where}: {finding.What}")));

        var missed = new List<string>();
        for (var number = 0; number < Drawn; number++)
        {
            // Every kind twice; the module and the place in it are drawn.
            var mutation = Mutations.All[number % Mutations.All.Count];
            var place = Spoil(mutation, before, random);
            var found = Judge(await addons.ReadAsync(), before)
                .Except(known)
                .Where(finding => finding.Code == mutation.Code)
                .ToList();
            output.WriteLine(
                $"{mutation.Name}: {place} -> {found.FirstOrDefault()?.Where}: {found.FirstOrDefault()?.What}"
            );
            if (found.Count == 0)
            {
                missed.Add($"{mutation.Name}: {place} was not found by {mutation.Code}");
            }

            addons.PutRight();
        }

        Assert.True(missed.Count == 0, $"seed {seed}\n{string.Join('\n', missed)}");
    }

    public ValueTask DisposeAsync()
    {
        addons.Dispose();
        return ValueTask.CompletedTask;
    }

    private string Spoil(Mutation mutation, ReleaseFacts release, Random random)
    {
        var modules = release.Modules.Values.Where(module => module.IsAddon).ToArray();
        random.Shuffle(modules);
        foreach (var module in modules)
        {
            if (mutation.Apply(new(addons, release, module, random)) is { } place)
            {
                return $"{module.Name}: {place}";
            }

            addons.PutRight();
        }

        throw new InvalidOperationException($"No module can be spoiled by {mutation.Name}.");
    }

    private static HashSet<Finding> Judge(ReleaseFacts release, ReleaseFacts before) =>
        [.. StaticGates.Judge(new(release, before))];
}
