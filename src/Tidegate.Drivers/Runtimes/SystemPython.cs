using System.Diagnostics;
using Tidegate.ControlPlane.Catalog.Python;

namespace Tidegate.Drivers.Runtimes;

/// <summary>Debian's and Ubuntu's own interpreter: Odoo's dependencies are packages of the system.</summary>
public sealed class SystemPython : IPythonCompiler
{
    internal const string Path = "/usr/bin/python3";

    private const string Program = "python";

    /// <inheritdoc />
    public string? Tag => CacheTag;

    // The link says which one it is: /usr/bin/python3 -> python3.11.
    internal static string? CacheTag =>
        new FileInfo(Path).ResolveLinkTarget(returnFinalTarget: true)?.Name is { } name
        && name.StartsWith(Program, StringComparison.Ordinal)
            ? $"cpython-{name[Program.Length..].Replace(".", "", StringComparison.Ordinal)}"
            : null;

    /// <inheritdoc />
    public void Compile(string tree, IReadOnlyCollection<string> files, CancellationToken cancellationToken)
    {
        if (files.Count == 0)
        {
            return;
        }

        string[] arguments =
        [
            "-I",
            "-m",
            "compileall",
            "-qq",
            "-j",
            "0", // as many at a time as there are processors
            "--invalidation-mode",
            "unchecked-hash", // a bundle's sources never change
            "-s",
            tree,
            "-i",
            "-",
        ];
        var start = new ProcessStartInfo(Path, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        using var process = Process.Start(start)!;
        using var interrupted = cancellationToken.Register(() => process.Kill(entireProcessTree: true));
        string? complaint = null;
        process.ErrorDataReceived += (_, line) => complaint = line.Data ?? complaint;
        process.BeginErrorReadLine();
        foreach (var file in files)
        {
            process.StandardInput.WriteLine(System.IO.Path.Join(tree, file));
        }

        process.StandardInput.Close();
        process.WaitForExit();
        cancellationToken.ThrowIfCancellationRequested();

        // It ends with 1 for a file that is no valid Python, and says nothing of it.
        if (complaint is not null)
        {
            throw new IOException($"{Path} -m compileall failed: {complaint}");
        }
    }
}
