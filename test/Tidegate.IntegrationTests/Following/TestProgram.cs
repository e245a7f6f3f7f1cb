using System.Diagnostics;
using System.Text;

namespace Tidegate.IntegrationTests.Following;

/// <summary>Runs a program to its end.</summary>
internal static class TestProgram
{
    /// <returns>Its output, each line with its end.</returns>
    /// <exception cref="InvalidOperationException">It ended otherwise than with 0, where it may not.</exception>
    public static string Run(
        string program,
        IEnumerable<string> arguments,
        byte[] input,
        bool mayFail = false,
        params (string Name, string Value)[] environment
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var (output, error) = (new StringBuilder(), new StringBuilder());
        using var process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => output.Append(line.Data is null ? "" : $"{line.Data}\n");
        process.ErrorDataReceived += (_, line) => error.Append(line.Data is null ? "" : $"{line.Data}\n");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.StandardInput.BaseStream.Write(input);
        process.StandardInput.Close();
        process.WaitForExit();
        return process.ExitCode == 0 || mayFail
            ? output.ToString()
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {error}");
    }
}
