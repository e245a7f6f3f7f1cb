using System.CommandLine;

namespace Tidegate.Cli;

/// <summary>The <c>--json</c> of a command that prints something.</summary>
public static class JsonOption
{
    public static Option<bool> Create() => new("--json") { Description = "Print JSON" };
}
