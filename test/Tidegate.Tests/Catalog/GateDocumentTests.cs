using System.Text;
using Tidegate.ControlPlane.Catalog.Gates;

namespace Tidegate.Tests.Catalog;

/// <summary>The list of rules in <c>docs/gates.md</c> is the one in the code. <c>TIDEGATE_ACCEPT=1</c> writes it anew.</summary>
public sealed class GateDocumentTests
{
    private const string Begin = "<!-- rules: made from the code, see GateDocumentTests -->";
    private const string End = "<!-- end of rules -->";

    [Fact]
    public void The_document_says_what_the_code_says()
    {
        var file = FindDocument();
        var text = File.ReadAllText(file);
        var (begin, end) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        var expected = Rules();
        if (Environment.GetEnvironmentVariable("TIDEGATE_ACCEPT") is "1")
        {
            File.WriteAllText(file, $"{text[..(begin + Begin.Length)]}\n{expected}{text[end..]}");
            return;
        }

        Assert.Equal(expected, text[(begin + Begin.Length + 1)..end]);
    }

    [Fact]
    public void No_two_rules_have_one_code()
    {
        var codes = StaticGates.All.SelectMany(gate => gate.Rules).Select(rule => rule.Code).ToList();

        Assert.Equal(codes.Distinct(StringComparer.Ordinal), codes);
        Assert.All(codes, code => Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", code));
    }

    private static string Rules()
    {
        var text = new StringBuilder();
        foreach (var gate in StaticGates.All)
        {
            text.Append($"\n## {char.ToUpperInvariant(gate.Name[0])}{gate.Name[1..]}\n");
            foreach (var rule in gate.Rules)
            {
                text.Append($"\n### {rule.Code}\n\n")
                    .Append($"{rule.Severity.ToString().ToLowerInvariant()}. {rule.Title}.\n\n")
                    .Append($"- **Why it hurts:** {rule.Why}\n")
                    .Append($"- **How to mend:** {rule.Mend}\n");
            }
        }

        return text.Append('\n').ToString();
    }

    private static string FindDocument()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Join(folder.FullName, "Tidegate.slnx")))
        {
            folder =
                folder.Parent ?? throw new DirectoryNotFoundException("There is no Tidegate.slnx above the tests.");
        }

        return Path.Join(folder.FullName, "docs", "gates.md");
    }
}
