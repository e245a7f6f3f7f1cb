using System.Text;
using Tidegate.ControlPlane.Catalog.Facts;
using Tidegate.Drivers.Catalog;

namespace Tidegate.IntegrationTests.Catalog;

public sealed class InspectorTests : IDisposable
{
    private readonly GateFolder folder = new();

    [Fact]
    public async Task An_interpreter_that_is_not_there_is_named()
    {
        var inspector = new ModuleInspector("/no/such/python3");

        var wrong = await Assert.ThrowsAsync<IOException>(() =>
            inspector.FindMissingAsync(new([], []), TestContext.Current.CancellationToken)
        );

        Assert.Contains("/no/such/python3", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_module_that_ends_the_inspector_is_a_finding_and_the_next_is_inspected()
    {
        // An interpreter that dies of one module, as the real one would of a fault in itself.
        var python = folder.Write(
            "python",
            "#!/bin/sh\nread line\ncase $line in *mortal*) echo 'out of luck' >&2; exit 9;; esac\necho '{\"schema\":\"x\"}'\n"
        );
        File.SetUnixFileMode(python, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var found = new Dictionary<string, string>(StringComparer.Ordinal);

        await new ModuleInspector(python).InspectAsync(
            [Request("mortal"), Request("one"), Request("mortal2"), Request("two")],
            (request, json) =>
            {
                lock (found)
                {
                    found[request.Module] = Encoding.UTF8.GetString(json);
                }
            },
            TestContext.Current.CancellationToken
        );

        Assert.Equal(["mortal", "mortal2", "one", "two"], found.Keys.Order(StringComparer.Ordinal));
        Assert.Contains("inspection-failed", found["mortal"], StringComparison.Ordinal);
        Assert.Contains("out of luck", found["mortal"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_reading_asks_the_inspector_about_nothing_but_what_changed()
    {
        folder.Module("addons", "promo", []);
        folder.Module("addons", "other", []);
        var inspector = new Counting(new ModuleInspector());
        await ReadAsync(inspector);
        Assert.Equal(5, inspector.Inspected.Count);
        inspector.Inspected.Clear();

        await ReadAsync(inspector);
        Assert.Empty(inspector.Inspected);

        folder.Write("addons/promo/models.py", "x = 1\n");
        await ReadAsync(inspector);
        Assert.Equal(["promo"], inspector.Inspected);
    }

    public void Dispose() => folder.Dispose();

    private Task<ReadFacts> ReadAsync(IModuleInspector inspector) =>
        new ReleaseFactsReader(inspector, folder.At("cache"), TimeProvider.System).ReadAsync(
            new(folder.At("core"), [folder.At("addons")]),
            _ => { },
            TestContext.Current.CancellationToken
        );

    private static InspectionRequest Request(string module) => new(module, "/nowhere", []);

    /// <summary>The real inspector, and what it was asked.</summary>
    private sealed class Counting(IModuleInspector inner) : IModuleInspector
    {
        public List<string> Inspected { get; } = [];

        public string Identity => inner.Identity;

        public Task InspectAsync(
            IReadOnlyCollection<InspectionRequest> modules,
            Action<InspectionRequest, byte[]> found,
            CancellationToken cancellationToken
        )
        {
            Inspected.AddRange(modules.Select(module => module.Module));
            return inner.InspectAsync(modules, found, cancellationToken);
        }

        public Task<MissingPython> FindMissingAsync(PythonQuestion question, CancellationToken cancellationToken) =>
            inner.FindMissingAsync(question, cancellationToken);
    }
}
