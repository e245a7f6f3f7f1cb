using System.Diagnostics;

namespace Tidegate.OdooTests.Fixtures;

/// <summary>The checkout that the tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string At(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

    /// <summary>What a script of <c>eng/</c> prints, as its lines.</summary>
    public static async Task<IReadOnlyList<string>> EngAsync(string script, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(At("eng", script), arguments)
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            }
        )!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"eng/{script} ended with {process.ExitCode}");
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Tidegate.slnx")))
        {
            folder =
                folder.Parent ?? throw new DirectoryNotFoundException("There is no Tidegate.slnx above the tests.");
        }

        return folder.FullName;
    }
}
