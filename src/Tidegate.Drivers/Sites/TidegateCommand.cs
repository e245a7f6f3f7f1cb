using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Tidegate.Drivers.Sites;

/// <summary>Starts this very Tidegate in another role.</summary>
internal static class TidegateCommand
{
    private static readonly string Beside = Path.Combine(AppContext.BaseDirectory, "tidegate");

    /// <summary>Program and first arguments.</summary>
    public static ImmutableArray<string> Argv =>
        File.Exists(Beside) ? [Beside] : [Path.Combine(DotnetRoot, "dotnet"), $"{Beside}.dll"];

    /// <summary>What it needs to start, whoever starts it.</summary>
    public static ImmutableDictionary<string, string> Environment =>
        ImmutableDictionary.CreateRange(
            StringComparer.Ordinal,
            [
                KeyValuePair.Create("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"),
                KeyValuePair.Create("HOME", System.Environment.GetEnvironmentVariable("HOME") ?? "/"),
                KeyValuePair.Create("LANG", "C.UTF-8"),
                KeyValuePair.Create("DOTNET_ROOT", DotnetRoot),
            ]
        );

    // …/shared/Microsoft.NETCore.App/10.0.x/
    private static string DotnetRoot =>
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));
}
