using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Catalog.Facts;

/// <summary>A place that names a field.</summary>
/// <param name="Model">The model that it speaks of, or the likeliest one.</param>
/// <param name="Elsewhere">The others that it may speak of, worked out when asked for; null where the model is certain.</param>
/// <param name="Place">What names it, for a message: <c>a view</c>.</param>
public sealed record FieldUse(
    string Model,
    IEnumerable<string>? Elsewhere,
    string Field,
    string Place,
    string File,
    int Line
)
{
    public bool IsCertain => Elsewhere is null;

    /// <summary>Every model that it may speak of, the likeliest first.</summary>
    public IEnumerable<string> Candidates => (Elsewhere ?? []).Prepend(Model);
}

/// <summary>Works out of which model each field is that a module's views and records name.</summary>
internal sealed class FieldUses
{
    // Views within views go no deeper in practice.
    private const int DeepestSubview = 3;

    private readonly ModelCatalogue models;
    private readonly ExternalIds ids;
    private readonly Dictionary<string, ViewFact> views = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> owners = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ImmutableArray<string>> reachable = new(StringComparer.Ordinal);

    public FieldUses(ReleaseFacts release, ModelCatalogue models, ExternalIds ids)
    {
        this.models = models;
        this.ids = ids;
        foreach (var module in release.Modules.Values)
        {
            foreach (var view in module.Facts.Views.Where(view => view.Id is not null))
            {
                var id = ExternalIds.Full(module.Name, view.Id!);
                views.TryAdd(id, view);
                owners.TryAdd(id, module.Name);
            }
        }
    }

    /// <summary>What cannot be worked out is left out.</summary>
    public IEnumerable<FieldUse> Of(ModuleView module) =>
        module.Facts.Uses.SelectMany(OfRecord).Concat(module.Facts.Views.SelectMany(view => OfView(module.Name, view)));

    private IEnumerable<FieldUse> OfRecord(UseFact use)
    {
        var model = use.Model.StartsWith('&') ? ids.ModelOf(use.Model[1..]) : use.Model;
        var place = use.Kind switch
        {
            "rule" => "a rule",
            "filter" => "a filter",
            "action" => "an action",
            _ => "a record",
        };
        return model is null ? [] : Along(model, null, use.Field, place, use.File, use.Line);
    }

    private IEnumerable<FieldUse> OfView(string module, ViewFact view)
    {
        if (ModelOf(module, view, depth: 0) is not { } model)
        {
            yield break;
        }

        foreach (var use in view.Uses)
        {
            var place = use.Kind switch
            {
                "filter" => "a filter",
                "condition" => "a condition in a view",
                _ => "a view",
            };
            var start = Follow(model, use.Path);
            if (start is null && use.Sure)
            {
                continue;
            }

            var elsewhere = use.Sure ? null : Elsewhere(model);
            foreach (var found in Along(start ?? model, elsewhere, use.Field, place, view.File, use.Line))
            {
                yield return found;
            }
        }
    }

    /// <summary>A path of fields, each of the model that the one before leads to.</summary>
    private IEnumerable<FieldUse> Along(
        string model,
        IEnumerable<string>? elsewhere,
        string path,
        string place,
        string file,
        int line
    )
    {
        foreach (var field in path.Split('.'))
        {
            yield return new(model, elsewhere, field, place, file, line);
            if (elsewhere is not null || Step(model, field) is not { } next)
            {
                yield break;
            }

            model = next;
        }
    }

    private string? ModelOf(string module, ViewFact view, int depth)
    {
        if (view.Model is not null || view.Inherit is null || depth > 10)
        {
            return view.Model;
        }

        var parent = ExternalIds.Full(module, view.Inherit);
        return views.TryGetValue(parent, out var found) ? ModelOf(owners[parent], found, depth + 1) : null;
    }

    private string? Follow(string model, ImmutableArray<string> path)
    {
        string? current = model;
        foreach (var field in path)
        {
            current = current is null ? null : Step(current, field);
        }

        return current;
    }

    /// <summary>The model that a field leads to; null when it leads to none, or only running the code would tell.</summary>
    private string? Step(string model, string field, int depth = 0)
    {
        if (models.Find(model, field) is not { } found)
        {
            return null;
        }

        if (found.Comodel is { } comodel)
        {
            return comodel is "?" ? null : comodel;
        }

        return found.Related is { } related and not "?" && depth < 10
            ? related.Split('.').Aggregate((string?)model, (at, step) => at is null ? null : Step(at, step, depth + 1))
            : null;
    }

    /// <summary>
    /// The models that a place in a view may speak of: what extends a view says where it goes, but not how deep that
    /// lies. Every model that views within views can show; few places make anybody ask.
    /// </summary>
    private IEnumerable<string> Elsewhere(string model)
    {
        foreach (var other in Reachable(model))
        {
            yield return other;
        }
    }

    private ImmutableArray<string> Reachable(string model)
    {
        if (reachable.TryGetValue(model, out var known))
        {
            return known;
        }

        var found = new HashSet<string>(StringComparer.Ordinal) { model };
        List<string> layer = [model];
        for (var depth = 0; depth < DeepestSubview; depth++)
        {
            layer = [.. layer.SelectMany(Shown).Where(found.Add)];
        }

        return reachable[model] = [.. found.Except([model], StringComparer.Ordinal).Prepend(model)];
    }

    /// <summary>Models of the lists that a view of this one may hold.</summary>
    private IEnumerable<string> Shown(string model) =>
        models
            .FieldsOf(model)
            .Values.Where(field => field.Type is "One2many" or "Many2many" or "Many2one")
            .Select(field => Step(model, field.Name))
            .OfType<string>();
}
