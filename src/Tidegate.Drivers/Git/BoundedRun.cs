using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using Tidegate.Drivers.Runtimes.Processes;

namespace Tidegate.Drivers.Git;

/// <summary>What a program came to.</summary>
/// <param name="Error">What it said on its error stream; of much, the end.</param>
internal sealed record ProgramAnswer(int ExitCode, ReadOnlyMemory<byte> Output, string Error)
{
    public string Text => Encoding.UTF8.GetString(Output.Span);
}

/// <summary>One run of a program, bounded in time and in what it may say. Ended early, everything that it started ends with it.</summary>
internal sealed record BoundedRun(ImmutableArray<string> Command)
{
    private const int LongestError = 16 << 10;

    public required ImmutableDictionary<string, string> Environment { get; init; }

    public required string Directory { get; init; }

    public ReadOnlyMemory<byte> Input { get; init; }

    public int LongestOutput { get; init; } = 64 << 20;

    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(1);

    /// <exception cref="GitFailedException">It does not start, was too slow or said too much.</exception>
    public async Task<ProgramAnswer> RunAsync(TimeProvider clock, CancellationToken cancellationToken)
    {
        using var process = ProgramGroup.Start(Command, Environment, Directory);
        using var patience = new CancellationTokenSource(Patience, clock);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        await using var killing = ending.Token.Register(() => ProgramGroup.Kill(process));
        var error = ReadErrorAsync(process);
        var writing = WriteAsync(process);
        var output = await ReadOutputAsync(process);
        var said = await error;
        await writing;
        await process.WaitForExitAsync(CancellationToken.None); // killed at the latest when its time is over
        cancellationToken.ThrowIfCancellationRequested();
        return patience.IsCancellationRequested
                ? throw new GitFailedException($"it did not end within {Patience.TotalSeconds:0} s")
            : output is null ? throw new GitFailedException($"it says more than {LongestOutput >> 20} MB")
            : new(process.ExitCode, output.Value, said);
    }

    private async Task WriteAsync(Process process)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(Input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it read; its exit code says more.
        }
    }

    private async Task<ReadOnlyMemory<byte>?> ReadOutputAsync(Process process)
    {
        using var output = new MemoryStream();
        var part = new byte[16 << 10];
        while (await process.StandardOutput.BaseStream.ReadAsync(part) is > 0 and var count)
        {
            if (output.Length + count > LongestOutput)
            {
                ProgramGroup.Kill(process);
                return null;
            }

            output.Write(part, 0, count);
        }

        return output.GetBuffer().AsMemory(0, (int)output.Length);
    }

    private static async Task<string> ReadErrorAsync(Process process)
    {
        var error = new StringBuilder();
        var part = new char[4 << 10];
        while (await process.StandardError.ReadAsync(part) is > 0 and var count)
        {
            error.Append(part, 0, count);
            error.Remove(0, Math.Max(0, error.Length - LongestError));
        }

        return error.ToString();
    }
}

/// <summary>A program in a process group of its own: what it starts can be ended with it.</summary>
internal static class ProgramGroup
{
    private const string Leader = "/usr/bin/setsid";

    /// <exception cref="GitFailedException">The program is not there.</exception>
    public static Process Start(
        ImmutableArray<string> command,
        ImmutableDictionary<string, string> environment,
        string directory
    )
    {
        if (!File.Exists(command[0]))
        {
            throw new GitFailedException($"{command[0]} is not installed here");
        }

        var start = new ProcessStartInfo(Leader, command)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = directory,
        };
        start.Environment.Clear();
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    public static void Kill(Process process)
    {
        try
        {
            // The group as long as any of it lives, also without its leader: the number is nobody else's until then.
            if (!Native.Send(-process.Id, Signal.Kill))
            {
                process.Kill(); // it did not lead a group yet
            }
        }
        catch (InvalidOperationException)
        {
            // It ended meanwhile.
        }
    }
}
