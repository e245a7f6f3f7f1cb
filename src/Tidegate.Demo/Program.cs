using System.Runtime.InteropServices;
using Spectre.Console;
using Tidegate.Cli;
using Tidegate.Cli.Client;
using Tidegate.Demo;
using Tidegate.Demo.Screens;
using Tidegate.Demo.Story;
using Tidegate.Drivers.Runtimes.Processes;

var clock = TimeProvider.System;
var screen = Screen.For(AnsiConsole.Console, Environment.GetEnvironmentVariable, clock);
using var interrupted = new CancellationTokenSource();
using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);

// The edge: whatever went wrong becomes one sentence and an exit code.
try
{
    return await DemoOptions.RunAsync(
        args,
        (options, token) => new Demonstration(options, screen, clock).RunAsync(token),
        interrupted.Token
    );
}
catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
{
    await Console.Error.WriteLineAsync("demo: interrupted; nothing of it runs any more.");
    return ExitCodes.Interrupted;
}
catch (ProblemException refused)
{
    await CommandLine.WriteProblemAsync(Console.Error, refused.Problem);
    return ExitCodes.Of(refused.Problem);
}
catch (Exception broken) when (broken is StoryException or ProcessStartException)
{
    await Console.Error.WriteLineAsync($"demo: {broken.Message}");
    return ExitCodes.Failed;
}

void Interrupt(PosixSignalContext signal)
{
    signal.Cancel = true; // we end by ourselves, with everything taken down
    if (!interrupted.IsCancellationRequested)
    {
        screen.Say("interrupted: ending everything that was started");
        interrupted.Cancel();
    }
}
