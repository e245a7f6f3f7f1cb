using System.CommandLine;

namespace Tidegate.Cli.Calendars;

/// <summary>What a release is to calendars, where no release says so.</summary>
internal sealed class ReleaseOptions
{
    private readonly Option<string?> _class = new("--class") { Description = "As for a release of this class, A to E" };

    private readonly Option<string?> _risk = new("--risk")
    {
        Description = "As for a release of this risk: low, normal or high",
    };

    public ReleaseOptions()
    {
        _class.AcceptOnlyFromAmong("A", "B", "C", "D", "E");
        _risk.AcceptOnlyFromAmong("low", "normal", "high");
    }

    public void AddTo(Command command)
    {
        command.Add(_class);
        command.Add(_risk);
    }

    public IEnumerable<string> Query(ParseResult parsed)
    {
        if (parsed.GetValue(_class) is { } known)
        {
            yield return $"class={known}";
        }

        if (parsed.GetValue(_risk) is { } risk)
        {
            yield return $"risk={risk}";
        }
    }
}
