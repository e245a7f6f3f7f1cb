using System.CommandLine;
using Tidegate.Cli.Client;
using Tidegate.Contracts;

namespace Tidegate.Cli;

/// <summary>Which control plane is meant: <c>--server</c>, else <c>TIDEGATE_SERVER</c>.</summary>
public static class ServerOption
{
    public static Option<string?> Instance { get; } =
        new("--server")
        {
            Description = "Address of the control plane, unix:/path/to/tidegate.sock (default: TIDEGATE_SERVER)",
            Recursive = true,
        };

    /// <exception cref="ProblemException">None is named, or the token cannot be read.</exception>
    public static ControlPlaneClient Connect(ParseResult parsed)
    {
        var address = Address(parsed);
        return new(address, TokenOption.Find(parsed, address), parsed.Error());
    }

    /// <exception cref="ProblemException">Neither is set.</exception>
    public static string Address(ParseResult parsed) =>
        parsed.GetValue(Instance)
        ?? Environment.GetEnvironmentVariable("TIDEGATE_SERVER")
        ?? throw new ProblemException(
            new ApiProblem(
                ProblemCodes.Invalid,
                "no control plane is named.",
                "set TIDEGATE_SERVER or --server; tidegate site status --home DIR prints the address."
            )
        );
}
