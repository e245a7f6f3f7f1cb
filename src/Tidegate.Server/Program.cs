using Tidegate.Cli;
using Tidegate.Gateway;
using Tidegate.Server.Commands;

if (args is ["gateway", .. var gateway])
{
    // Not through the command tree: the data plane loads nothing that it does not need.
    return await GatewayHost.RunAsync(gateway, CancellationToken.None);
}

using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    interrupted.Cancel();
};

return await CommandLine.RunAsync(args, LocalCommands.All(TimeProvider.System), interrupted.Token);
