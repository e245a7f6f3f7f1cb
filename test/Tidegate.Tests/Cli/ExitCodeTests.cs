using Tidegate.Cli;
using Tidegate.Contracts.Rollouts;

namespace Tidegate.Tests.Cli;

public sealed class ExitCodeTests
{
    [Theory]
    [InlineData("completed", null, null, ExitCodes.Done)]
    [InlineData("completed_with_exceptions", null, null, ExitCodes.Done)]
    [InlineData("completed", "os/0", null, ExitCodes.Done)]
    [InlineData("halted", null, null, ExitCodes.EndedBadly)]
    [InlineData("rolled_back", null, null, ExitCodes.EndedBadly)]
    [InlineData("halted", "os/0", null, ExitCodes.Aborted)]
    [InlineData("rolled_back", "os/0", "r-2", ExitCodes.Aborted)]
    [InlineData("halted", null, "r-2", ExitCodes.Aborted)]
    public void Only_a_release_that_arrived_ends_with_0(string outcome, string? abortedBy, string? newer, int exit) =>
        Assert.Equal(
            exit,
            ExitCodes.Of(
                new RolloutView(
                    "r-1",
                    "2026.11.2",
                    "sha256:2",
                    "production",
                    "sha256:0",
                    "ended",
                    outcome,
                    Reason: null,
                    "os/0",
                    default,
                    default(DateTimeOffset),
                    [],
                    abortedBy,
                    newer
                )
            )
        );
}
