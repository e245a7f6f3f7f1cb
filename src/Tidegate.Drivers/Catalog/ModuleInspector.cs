using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Tidegate.ControlPlane.Catalog.Facts;
using Tidegate.Drivers.Runtimes;

namespace Tidegate.Drivers.Catalog;

/// <summary>Inspects modules in processes of the release's interpreter, which read the modules' files and run nothing of them.</summary>
/// <param name="python">The interpreter.</param>
public sealed class ModuleInspector(string python) : IModuleInspector
{
    private const int Workers = 2;

    // The largest module of Odoo takes a second.
    private static readonly TimeSpan LongestModule = TimeSpan.FromMinutes(1);

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "bridge", "inspect");

    private static readonly string Script = Path.Combine(Folder, "tidegate_inspect.py");

    /// <summary>In the interpreter that generations of Odoo run with.</summary>
    public ModuleInspector()
        : this(SystemPython.Path) { }

    public string Identity { get; } = IdentityOf(python);

    public async Task InspectAsync(
        IReadOnlyCollection<InspectionRequest> modules,
        Action<InspectionRequest, byte[]> found,
        CancellationToken cancellationToken
    )
    {
        // The long ones first, so that no worker is left alone with one at the end.
        var queue = new ConcurrentQueue<InspectionRequest>(modules.OrderByDescending(module => module.Data.Length));
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => WorkAsync(queue, found, cancellationToken)));
    }

    public async Task<MissingPython> FindMissingAsync(PythonQuestion question, CancellationToken cancellationToken)
    {
        using var worker = InspectorProcess.Start(python, Script);
        var line = JsonSerializer.Serialize(question, FactsJson.Default.PythonQuestion);
        return await worker.AskAsync(line, LongestModule, cancellationToken) switch
        {
            { Json: { } json } => JsonSerializer.Deserialize(json, FactsJson.Default.MissingPython)!,
            var answer => throw new IOException($"{python} did not answer what it can import: {answer.Complaint}"),
        };
    }

    private async Task WorkAsync(
        ConcurrentQueue<InspectionRequest> queue,
        Action<InspectionRequest, byte[]> found,
        CancellationToken cancellationToken
    )
    {
        InspectorProcess? worker = null;
        try
        {
            while (queue.TryDequeue(out var module))
            {
                worker ??= InspectorProcess.Start(python, Script);
                var line = JsonSerializer.Serialize(module, FactsJson.Default.InspectionRequest);
                var answer = await worker.AskAsync(line, LongestModule, cancellationToken);
                if (answer.Json is null)
                {
                    // What brought it down must not bring down the next module's inspection.
                    worker.Dispose();
                    worker = null;
                }

                found(module, answer.Json ?? Unread(module, answer.Complaint));
            }
        }
        finally
        {
            worker?.Dispose();
        }
    }

    private static byte[] Unread(InspectionRequest module, string complaint) =>
        JsonSerializer.SerializeToUtf8Bytes(
            ModuleFacts.Unread(module.Module, complaint),
            FactsJson.Default.ModuleFacts
        );

    /// <summary>The inspector's own code and the interpreter's file.</summary>
    private static string IdentityOf(string python)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (
            var file in Directory
                .EnumerateFiles(Folder, "*.py", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
        )
        {
            hash.AppendData(SHA256.HashData(File.ReadAllBytes(file)));
        }

        // One that is not there is told when it is wanted.
        var interpreter = new FileInfo(python);
        if (interpreter.Exists)
        {
            var file = (FileInfo?)interpreter.ResolveLinkTarget(returnFinalTarget: true) ?? interpreter;
            var state = FormattableString.Invariant($"{file.FullName} {file.Length} {file.LastWriteTimeUtc.Ticks}");
            hash.AppendData(Encoding.UTF8.GetBytes(state));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
