using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Tidegate.ControlPlane.Objectives;

namespace Tidegate.Drivers.Drills.Runbooks;

/// <summary>
/// How a person recovers from a loss without Tidegate's server: <c>docs/runbooks/SCENARIO.md</c>, kept in the program.
/// A drill of the scenario follows the same steps, by the same names, and says so or fails.
/// </summary>
/// <param name="Text">Markdown; <c>{{name}}</c> stands for a fact of the site.</param>
/// <param name="Steps">The names of its steps, in order.</param>
public sealed partial record Runbook(DrillScenario Scenario, string Text, ImmutableArray<string> Steps)
{
    /// <summary>Those there are, in the order of the scenarios.</summary>
    public static ImmutableArray<Runbook> All { get; } = [.. DrillScenarios.All.Select(Find).OfType<Runbook>()];

    /// <summary>Null where the scenario has none.</summary>
    public static Runbook? Of(DrillScenario scenario) => All.FirstOrDefault(runbook => runbook.Scenario == scenario);

    /// <summary>The Markdown with the site's facts; inside blocks of commands as words of a shell.</summary>
    public string Fill(RunbookFacts facts)
    {
        var isCode = false;
        return string.Join(
            '\n',
            Text.Split('\n')
                .Select(line =>
                {
                    isCode ^= line.StartsWith("```", StringComparison.Ordinal);
                    return Fact().Replace(line, match => facts.Of(match.Groups["name"].Value, isCode));
                })
        );
    }

    /// <summary>The blocks of commands that are done by hand, by the heading that they stand under.</summary>
    public static ImmutableArray<(string Heading, string Commands)> Commands(string filled)
    {
        var blocks = ImmutableArray.CreateBuilder<(string, string)>();
        var heading = "";
        List<string>? block = null;
        foreach (var line in filled.Split('\n'))
        {
            if (block is null && line.StartsWith('#'))
            {
                heading = line.TrimStart('#', ' ');
            }
            else if (block is null && line == "```sh")
            {
                block = [];
            }
            else if (block is not null && line == "```")
            {
                blocks.Add((heading, string.Join('\n', block)));
                block = null;
            }
            else
            {
                block?.Add(line);
            }
        }

        return blocks.ToImmutable();
    }

    private static Runbook? Find(DrillScenario scenario)
    {
        using var stored = typeof(Runbook).Assembly.GetManifestResourceStream($"runbooks/{scenario.Word()}.md");
        if (stored is null)
        {
            return null;
        }

        using var reader = new StreamReader(stored);
        var text = reader.ReadToEnd().ReplaceLineEndings("\n");
        return new(scenario, text, [.. Step().Matches(text).Select(match => match.Groups["name"].Value)]);
    }

    [GeneratedRegex(@"^### [0-9]+\. (?<name>.+)$", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Step();

    [GeneratedRegex(@"\{\{(?<name>[a-zA-Z]+)\}\}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Fact();
}
