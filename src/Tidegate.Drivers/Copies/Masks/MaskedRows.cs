using System.Collections.Immutable;

namespace Tidegate.Drivers.Copies.Masks;

/// <summary>Rows of Odoo's own tables that are masked in a way of their own, or are not worth masking and go.</summary>
/// <param name="Table">Passed over when it, or one of <paramref name="Columns"/>, is not there.</param>
internal sealed record MaskedRows(string Table, ImmutableArray<string> Columns, string Sql)
{
    public static readonly ImmutableArray<MaskedRows> All =
    [
        new("ir_logging", [], "delete from ir_logging"),
        new("ir_profile", [], "delete from ir_profile"),
        new("bus_bus", [], "delete from bus_bus"),
        new("res_device_log", [], "delete from res_device_log"),
        new(
            "ir_filters",
            [],
            "delete from ir_filters f where not exists (select from ir_model_data d where d.model = 'ir.filters' and d.res_id = f.id)"
        ),
        new("ir_default", ["user_id"], "delete from ir_default where user_id is not null"),
        new(
            "ir_model_data",
            ["module"],
            "update ir_model_data set name = public.tidegate_mask('Words', name) where module ~ '^__(im|ex)port__$'"
        ),
        new(
            "ir_config_parameter",
            ["value"],
            "update ir_config_parameter set value = public.tidegate_mask('Email', value) where value ~ '@' and key <> 'web.base.url'"
        ),
        new(
            "ir_property",
            ["value_text"],
            "update ir_property set value_text = public.tidegate_mask('Words', value_text) where value_text is not null"
        ),
        new(
            "ir_translation",
            ["type"],
            "update ir_translation set src = public.tidegate_mask('Words', src), value = public.tidegate_mask('Words', value) where type = 'model' and name !~ '^(ir|product|account[.](account|tax|journal)|uom|res[.](country|currency|lang|groups))[.,]'"
        ),
    ];
}
