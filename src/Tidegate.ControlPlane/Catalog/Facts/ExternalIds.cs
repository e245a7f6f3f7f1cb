namespace Tidegate.ControlPlane.Catalog.Facts;

/// <summary>The external ids that a release's data files define, and those that Odoo makes of modules, models and fields.</summary>
public sealed class ExternalIds
{
    private readonly HashSet<string> defined = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> keys = new(StringComparer.Ordinal);
    private readonly ModelCatalogue catalogue;

    // Modules that make models whose names only running the code would tell.
    private readonly HashSet<string> nameless;
    private readonly ReleaseFacts release;

    public ExternalIds(ReleaseFacts release, ModelCatalogue models)
    {
        this.release = release;
        catalogue = models;
        foreach (var module in release.Modules.Values)
        {
            foreach (var record in module.Facts.Records)
            {
                var id = Full(module.Name, record.Id);
                defined.Add(id);
                foreach (var parent in catalogue.Of(record.Model).SelectMany(declared => declared.Model.Delegates.Keys))
                {
                    // A product.product brings its product.template, which gets an id too.
                    defined.Add($"{id}_{Key(parent)}");
                }
            }
        }

        nameless = release
            .Modules.Values.Where(module => module.Facts.Models.Any(model => model is { Open: true, Name: null }))
            .Select(module => module.Name)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var model in catalogue.Names)
        {
            keys[Key(model)] = model;
        }
    }

    /// <summary>With the module in front.</summary>
    public static string Full(string module, string id) =>
        id.Contains('.', StringComparison.Ordinal) ? id : $"{module}.{id}";

    /// <summary>The model that an external id of <c>ir.model</c> stands for, or null.</summary>
    public string? ModelOf(string id)
    {
        var name = id[(id.IndexOf('.', StringComparison.Ordinal) + 1)..];
        return name.StartsWith("model_", StringComparison.Ordinal)
            ? keys.GetValueOrDefault(name["model_".Length..])
            : null;
    }

    /// <param name="id">With the module in front.</param>
    public bool Has(string id) => defined.Contains(id) || IsMade(id);

    /// <summary>Records that Odoo makes itself: <c>module.model_x</c>, <c>module.field_x__y</c>, <c>base.module_x</c>.</summary>
    private bool IsMade(string id)
    {
        var dot = id.IndexOf('.', StringComparison.Ordinal);
        var name = id[(dot + 1)..];
        if (id.StartsWith("base.module_", StringComparison.Ordinal))
        {
            var module = id["base.module_".Length..];
            return module.StartsWith("category_", StringComparison.Ordinal) || release.Modules.ContainsKey(module);
        }

        return ModelOf(id) is not null
            || (name.StartsWith("model_", StringComparison.Ordinal) && nameless.Contains(id[..dot]))
            || IsField(name)
            || name.StartsWith("selection__", StringComparison.Ordinal)
            || name.StartsWith("constraint_", StringComparison.Ordinal);
    }

    private bool IsField(string name)
    {
        if (!name.StartsWith("field_", StringComparison.Ordinal))
        {
            return false;
        }

        var parts = name["field_".Length..];
        var cut = parts.IndexOf("__", StringComparison.Ordinal);
        return cut > 0
            && keys.TryGetValue(parts[..cut], out var model)
            && (catalogue.IsOpen(model) || catalogue.Find(model, parts[(cut + 2)..]) is not null);
    }

    private static string Key(string model) => model.Replace('.', '_');
}
