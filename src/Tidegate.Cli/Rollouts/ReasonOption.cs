using System.CommandLine;

namespace Tidegate.Cli.Rollouts;

/// <summary>Why somebody gives an order.</summary>
internal static class ReasonOption
{
    public static Option<string?> Create() => new("--reason") { Description = "Why; kept in the ledger" };
}
