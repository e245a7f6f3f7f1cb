using System.Collections.Immutable;

namespace Tidegate.Drivers.Copies.Neutralising;

/// <summary>A column that holds values and is called as credentials are.</summary>
/// <param name="Modules">Those that define the field; empty where no model has it, or somebody made it by hand.</param>
/// <param name="IsPassing">A wizard's, whose rows live for an hour.</param>
/// <param name="Rows">How many hold a value.</param>
internal sealed record CredentialColumn(
    string Table,
    string Column,
    string Type,
    bool IsRequired,
    ImmutableArray<string> Modules,
    bool IsPassing,
    long Rows
)
{
    public string Name => $"{Table}.{Column}";

    /// <summary>The words for a value that is none.</summary>
    public string Nothing =>
        (IsRequired, Type) switch
        {
            (false, _) => "null",
            (_, "jsonb" or "json") => "'{}'",
            _ => "''",
        };

    public string Origin =>
        Modules switch
        {
            [] => "no module",
            [var one] => $"module {one}",
            _ => $"modules {string.Join(", ", Modules)}",
        };
}
