using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Catalog.Facts;

/// <summary>What the inspector (<c>bridge/inspect</c>) read in a module's files; nothing of the module ran. Paths are below the module's folder, lines count from 1.</summary>
/// <param name="Schema"><c>tidegate.facts/2</c>.</param>
/// <param name="Problems">What could not be read.</param>
/// <param name="Imports">What the files that Odoo loads import from outside the module.</param>
/// <param name="Hooks">Names at the top of <c>__init__.py</c>.</param>
/// <param name="Migrations">Every file below <c>migrations</c> and <c>upgrades</c>.</param>
/// <param name="Records">Records with an external id, of the files that the manifest lists.</param>
/// <param name="References">External ids that those files refer to; each once a file.</param>
public sealed record ModuleFacts(
    string Schema,
    string Module,
    ImmutableArray<ProblemFact> Problems,
    ImmutableArray<ModelFact> Models,
    ImmutableArray<ImportFact> Imports,
    ImmutableArray<string> Hooks,
    ImmutableArray<MigrationFact> Migrations,
    ImmutableArray<RecordFact> Records,
    ImmutableArray<ReferenceFact> References,
    ImmutableArray<ViewFact> Views,
    ImmutableArray<UseFact> Uses,
    ImmutableArray<SecretFact> Secrets
)
{
    public const string CurrentSchema = "tidegate.facts/2";

    /// <summary>Of a module that could not be read at all.</summary>
    public static ModuleFacts Unread(string module, string why) =>
        new(CurrentSchema, module, [new("inspection-failed", "", 1, why)], [], [], [], [], [], [], [], [], []);
}

/// <param name="Code">The rule that it breaks.</param>
public sealed record ProblemFact(string Code, string File, int Line, string Message);

/// <param name="Sure">False below <c>try</c> and <c>if</c>, where it may fail or never be tried.</param>
public sealed record ImportFact(string Name, string File, int Line, bool Sure);

/// <param name="Migrate"><c>none</c>, <c>function</c>, or <c>other</c> when the name comes from elsewhere.</param>
/// <param name="Parameters">In order; an optional one ends in <c>=</c>, what cannot be given by position begins with <c>*</c>.</param>
/// <param name="Words">Every word of the script.</param>
public sealed record MigrationFact(
    string File,
    string Migrate,
    ImmutableArray<string> Words,
    ImmutableArray<string> Parameters = default,
    int Line = 1
);

/// <param name="Hash">Of a view: a number for its text; null for the rest.</param>
public sealed record RecordFact(string Id, string Model, string File, int Line, string? Hash = null);

/// <param name="Kind"><c>ref</c>, or <c>group</c> where Odoo passes an unknown one over.</param>
public sealed record ReferenceFact(string Id, string Kind, string File, int Line);

/// <param name="Model">Null when the view takes it from the one that it extends.</param>
/// <param name="Inherit">External id of the view that it extends.</param>
public sealed record ViewFact(
    string? Id,
    string? Model,
    string? Inherit,
    string File,
    int Line,
    ImmutableArray<ViewUse> Uses
);

/// <param name="Path">Relational fields from the view's model to the one whose field this is.</param>
/// <param name="Sure">False in what extends a view: it may sit deeper in the view than it shows.</param>
/// <param name="Kind"><c>view</c>, <c>condition</c>, <c>filter</c>.</param>
public sealed record ViewUse(ImmutableArray<string> Path, string Field, bool Sure, int Line, string Kind);

/// <summary>A field named outside of a view.</summary>
/// <param name="Model">A model, or <c>&amp;</c> and the external id of its <c>ir.model</c>.</param>
/// <param name="Field">Maybe a path: <c>partner_id.country_id</c>.</param>
/// <param name="Kind"><c>data</c>, <c>rule</c>, <c>filter</c>, <c>action</c>.</param>
public sealed record UseFact(string Model, string Field, string Kind, string File, int Line);

public sealed record SecretFact(string Kind, string File, int Line);
