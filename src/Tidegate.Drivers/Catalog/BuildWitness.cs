using System.Diagnostics;
using System.Text.Json;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Catalog.Facts;
using Tidegate.Drivers.Runtimes;

namespace Tidegate.Drivers.Catalog;

/// <summary>Asks git and the interpreter of this machine.</summary>
public sealed class BuildWitness : IBuildWitness
{
    private static readonly string Inspector = Path.Combine(
        AppContext.BaseDirectory,
        "bridge",
        "inspect",
        "tidegate_inspect.py"
    );

    public SourceFolder Source(string role, string folder, CancellationToken cancellationToken) =>
        new GitFolder(folder, cancellationToken).State(role);

    public PythonEnvironment Python(IReadOnlyCollection<string> distributions, CancellationToken cancellationToken)
    {
        if (!File.Exists(SystemPython.Path))
        {
            throw new IOException($"{SystemPython.Path} is not there: it is what Odoo runs with.");
        }

        var question = JsonSerializer.Serialize(new { versions = distributions });
        // -I: nothing of our environment or working folder is taken for a module; -B: no compiled files are left.
        var start = new ProcessStartInfo(SystemPython.Path, ["-I", "-B", Inspector]) { WorkingDirectory = "/" };
        var (answer, complaint) = ShortProcess.Run(start, $"{question}\n", cancellationToken);
        return answer is null
            ? throw new IOException($"{SystemPython.Path} did not answer what it has: {complaint}")
            : JsonSerializer.Deserialize(answer, FactsJson.Default.PythonEnvironment)!;
    }
}
