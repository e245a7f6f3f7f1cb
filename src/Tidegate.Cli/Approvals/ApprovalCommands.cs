using System.CommandLine;

namespace Tidegate.Cli.Approvals;

internal static class ApprovalCommands
{
    public static Command Create() =>
        new("approval", "Plans to which people have to agree: list, show, ask, give, reject, withdraw, delegate")
        {
            ListCommand.Create(),
            ShowCommand.Create(),
            AskCommand.Create(),
            GiveCommand.Create(),
            RejectCommand.Create(),
            WithdrawCommand.Create(),
            DelegateCommand.Create(),
        };

    public static Argument<string> IdArgument() =>
        new("approval") { Description = "Its id, a-…; tidegate approval list shows it" };

    public static string Path(string id, string verb = "") =>
        $"/api/approvals/{Uri.EscapeDataString(id)}{(verb.Length == 0 ? "" : $"/{verb}")}";

    /// <summary>Of one call: sent again by whatever is on the way it is said once.</summary>
    public static string NewKey() => Guid.CreateVersion7().ToString("n");
}
