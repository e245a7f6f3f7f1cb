using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Catalog.Facts;

/// <summary>The models of a release with all their fields, as far as classes declare them: inherited and delegated ones included.</summary>
public sealed class ModelCatalogue
{
    // What Odoo gives every model; the class Id and the rest are made by the framework.
    private static readonly string[] Own =
    [
        "id",
        "display_name",
        "create_uid",
        "create_date",
        "write_uid",
        "write_date",
        "__last_update",
    ];

    private const string Everywhere = "base";

    private readonly FrozenDictionary<string, ImmutableArray<Declaration>> models;
    private readonly Dictionary<string, Dictionary<string, FieldView>> fields = new(StringComparer.Ordinal);
    private readonly HashSet<string> open = new(StringComparer.Ordinal);

    public ModelCatalogue(ReleaseFacts release) =>
        models = release
            .Modules.Values.SelectMany(module =>
                module
                    .Facts.Models.Where(model => model is { Loaded: true, Name: not null })
                    .Select(model => new Declaration(module, model))
            )
            .GroupBy(declaration => declaration.Model.Name!, StringComparer.Ordinal)
            .ToFrozenDictionary(group => group.Key, group => group.ToImmutableArray(), StringComparer.Ordinal);

    /// <summary>Every model that a class declares or extends.</summary>
    public IEnumerable<string> Names => models.Keys;

    /// <summary>Whether a class of the release makes the model; one that is only extended does not exist.</summary>
    public bool Exists(string model) =>
        models.TryGetValue(model, out var found) && found.Any(declaration => declaration.Model.Creates);

    /// <summary>The classes that make or extend the model.</summary>
    public ImmutableArray<Declaration> Of(string model) => models.GetValueOrDefault(model, []);

    /// <summary>The field, or null when no class gives the model one of that name.</summary>
    public FieldView? Find(string model, string field) => FieldsOf(model).GetValueOrDefault(field);

    /// <summary>Whether only running the code would tell which fields the model has.</summary>
    public bool IsOpen(string model)
    {
        FieldsOf(model);
        return open.Contains(model);
    }

    /// <summary>By name; <see cref="FieldView.Declarations"/> are empty for those that every model has.</summary>
    public IReadOnlyDictionary<string, FieldView> FieldsOf(string model)
    {
        if (fields.TryGetValue(model, out var known))
        {
            return known;
        }

        // Against a model that inherits from itself over corners.
        fields[model] = new(StringComparer.Ordinal);
        var found = new Dictionary<string, FieldView>(StringComparer.Ordinal);
        foreach (var name in Own)
        {
            found[name] = new(name, []);
        }

        foreach (var declaration in Of(model))
        {
            if (declaration.Model.Open)
            {
                open.Add(model);
            }

            foreach (var parent in Parents(declaration.Model))
            {
                Inherit(model, parent, declaration.Model.Delegates.ContainsKey(parent), found);
            }
        }

        foreach (var (declaration, field) in Of(model).SelectMany(item => item.Model.Fields.Select(f => (item, f))))
        {
            var before = found.GetValueOrDefault(field.Name);
            found[field.Name] = new(
                field.Name,
                [
                    .. before is { IsDelegated: false } ? before.Declarations : [],
                    new FieldDeclaration(declaration.Module, model, declaration.Model.File, field),
                ]
            );
        }

        return fields[model] = found;
    }

    private void Inherit(string model, string parent, bool isDelegated, Dictionary<string, FieldView> found)
    {
        foreach (var (name, field) in FieldsOf(parent))
        {
            found.TryAdd(name, isDelegated ? field with { IsDelegated = true } : field);
        }

        // A parent that no class of the release makes may hold anything.
        if (open.Contains(parent) || !models.ContainsKey(parent))
        {
            open.Add(model);
        }
    }

    private IEnumerable<string> Parents(ModelFact model) =>
        model
            .Inherit.Concat(model.Delegates.Keys)
            .Concat(models.ContainsKey(Everywhere) && model.Name is not Everywhere ? [Everywhere] : [])
            .Where(parent => !string.Equals(parent, model.Name, StringComparison.Ordinal));
}

/// <summary>A class of a module that makes or extends a model.</summary>
public sealed record Declaration(ModuleView Module, ModelFact Model);

/// <summary>A field of a model with all its declarations, parents first.</summary>
/// <param name="IsDelegated">It lies in the table of another model (<c>_inherits</c>).</param>
public sealed record FieldView(string Name, ImmutableArray<FieldDeclaration> Declarations, bool IsDelegated = false)
{
    /// <summary>The last class that is told, or null.</summary>
    public string? Type => Declarations is [.., var last] ? last.Field.Type : null;

    /// <summary>The model that it leads to; null when it leads to none, or nobody says.</summary>
    public string? Comodel =>
        Declarations.Select(declaration => declaration.Field.Comodel).LastOrDefault(comodel => comodel is not null);

    public string? Related =>
        Declarations.Select(declaration => declaration.Field.Related).LastOrDefault(related => related is not null);

    public bool IsRequired => Last(declared => declared.Required) ?? false;

    /// <summary>Something gives it a value on rows that are there already.</summary>
    public bool HasDefault => Declarations.Any(declaration => declaration.Field is { Default: true });

    public bool IsComputed =>
        Declarations.Any(declaration => declaration.Field.Compute is not null || declaration.Field.Related is not null);

    public bool HasColumn =>
        !IsDelegated
        && Type is not ("One2many" or "Many2many")
        && (Last(declared => declared.Store) ?? !IsComputed)
        && !Declarations.IsEmpty;

    private bool? Last(Func<FieldFact, bool?> part) =>
        Declarations.Select(declaration => part(declaration.Field)).LastOrDefault(value => value is not null);
}

/// <param name="Model">The model whose class it stands in.</param>
public sealed record FieldDeclaration(ModuleView Module, string Model, string File, FieldFact Field);
