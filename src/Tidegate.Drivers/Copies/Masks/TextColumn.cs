namespace Tidegate.Drivers.Copies.Masks;

/// <summary>A column that can hold words.</summary>
/// <param name="Type">PostgreSQL's name of its type.</param>
/// <param name="Length">The most characters that it takes; null for any number.</param>
/// <param name="FieldType">What Odoo says the field is (<c>char</c>, <c>selection</c>); null where no model has it.</param>
/// <param name="IsOdoos">The field comes with a module of Odoo's own.</param>
internal sealed record TextColumn(
    string Table,
    string Column,
    string Type,
    int? Length,
    bool IsRequired,
    string? FieldType,
    bool IsOdoos
)
{
    public string Name => $"{Table}.{Column}";
}
