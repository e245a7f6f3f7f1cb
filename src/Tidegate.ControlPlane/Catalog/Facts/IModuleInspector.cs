using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Catalog.Facts;

/// <summary>Reads modules in the interpreter of the release. Implemented by the drivers, which may start processes.</summary>
public interface IModuleInspector
{
    /// <summary>Changes whenever other facts could be found in the same files: another interpreter, another inspector.</summary>
    string Identity { get; }

    /// <summary>
    /// Inspects every module, several at once. A module that brings the inspector down gets facts that say so; the
    /// others are inspected all the same.
    /// </summary>
    /// <param name="found">Called once a module, by several threads, with the facts as UTF-8 JSON.</param>
    Task InspectAsync(
        IReadOnlyCollection<InspectionRequest> modules,
        Action<InspectionRequest, byte[]> found,
        CancellationToken cancellationToken
    );

    /// <summary>Which of these the interpreter does not have; nothing is imported to find out.</summary>
    Task<MissingPython> FindMissingAsync(PythonQuestion question, CancellationToken cancellationToken);
}

/// <param name="Folder">Absolute.</param>
/// <param name="Data">The data and demo files that the manifest lists.</param>
public sealed record InspectionRequest(string Module, string Folder, ImmutableArray<string> Data);

/// <param name="Imports">Modules: <c>requests</c>.</param>
/// <param name="Distributions">Packages, maybe with versions: <c>google-auth&gt;=1.35</c>.</param>
public sealed record PythonQuestion(ImmutableArray<string> Imports, ImmutableArray<string> Distributions);

/// <summary>What of a <see cref="PythonQuestion"/> is not there, in the same words.</summary>
public sealed record MissingPython(ImmutableArray<string> Imports, ImmutableArray<string> Distributions)
{
    public static readonly MissingPython Nothing = new([], []);
}
