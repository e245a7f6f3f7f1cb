using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Tidegate.TestKit;

/// <summary>
/// Compares a text byte by byte with a file in the folder <c>Golden</c> beside the test.
/// <c>TIDEGATE_RENEW_GOLDEN=1</c> writes the files anew instead; what changed is then read in the diff.
/// </summary>
internal static partial class Golden
{
    private const string Renew = "TIDEGATE_RENEW_GOLDEN";

    public static void Matches(string name, string text, [CallerFilePath] string caller = "")
    {
        var file = Path.Combine(Root, Path.GetDirectoryName(caller)!, "Golden", name);
        if (Environment.GetEnvironmentVariable(Renew) is "1")
        {
            File.WriteAllText(file, text);
            return;
        }

        Assert.True(File.Exists(file), $"{file} is missing; {Renew}=1 writes it.");
        Assert.Equal(File.ReadAllText(file), text);
    }

    /// <summary>The text with ids numbered in the order in which they appear, and users, instants and durations set to one value.</summary>
    public static string Steady(string text)
    {
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        text = Id()
            .Replace(
                text,
                match =>
                    ids.TryGetValue(match.Value, out var known)
                        ? known
                        : ids[match.Value] = $"{match.Groups["kind"]}-{ids.Count + 1:x32}"
            );
        text = User().Replace(text, "os/0");
        text = Instant().Replace(text, "2026-01-01T00:00:00Z");
        text = SpacedInstant().Replace(text, "2026-01-01 00:00:00Z");
        text = SpacedMinute().Replace(text, "2026-01-01 00:00Z");
        text = LastDay().Replace(text, "to 2026-01-01");
        text = StepSeconds().Replace(text, "   0.00 s");
        text = HeldSeconds().Replace(text, "held 0.0 s");
        text = RunSeconds().Replace(text, " in 0.0 s");
        return JsonSeconds().Replace(text, "${name}0");
    }

    // The build maps source paths to ones relative to the checkout where it must not depend on the machine.
    private static string Root { get; } = FindRoot();

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

    [GeneratedRegex(@"\b(?<kind>a|c|e|h|j|r|tb|u|w)-[0-9a-f]{32}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Id();

    [GeneratedRegex(@"\bos/\d+", RegexOptions.None, 1000)]
    private static partial Regex User();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Instant();

    [GeneratedRegex(@"\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ", RegexOptions.None, 1000)]
    private static partial Regex SpacedInstant();

    [GeneratedRegex(@"\d{4}-\d\d-\d\d \d\d:\d\dZ", RegexOptions.None, 1000)]
    private static partial Regex SpacedMinute();

    [GeneratedRegex(@"\bto \d{4}-\d\d-\d\d(?=  )", RegexOptions.None, 1000)]
    private static partial Regex LastDay();

    [GeneratedRegex(@"[ \d]{4}\.\d\d s", RegexOptions.None, 1000)]
    private static partial Regex StepSeconds();

    [GeneratedRegex(@"held \d+\.\d s", RegexOptions.None, 1000)]
    private static partial Regex HeldSeconds();

    [GeneratedRegex(@" in \d+\.\d s$", RegexOptions.Multiline, 1000)]
    private static partial Regex RunSeconds();

    [GeneratedRegex("(?<name>\"(seconds|holdSeconds|ageSeconds)\": ?)[0-9.E+-]+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex JsonSeconds();
}
