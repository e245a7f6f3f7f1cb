namespace Tidegate.Drivers.Copies.Neutralising;

/// <summary>One question to a copy; each row of its answer is a reason why the copy is not neutral.</summary>
/// <param name="Table">What it reads.</param>
/// <param name="Module">While this module is installed the table has to be there; null for a table that may be missing.</param>
/// <param name="Sql">Gives sentences.</param>
internal sealed record ProofQuestion(string Table, string? Module, string Sql)
{
    /// <summary>The first series that has the table so; 0 for all.</summary>
    public int Since { get; init; }

    /// <summary>The last series that has it so.</summary>
    public int Until { get; init; } = int.MaxValue;
}
