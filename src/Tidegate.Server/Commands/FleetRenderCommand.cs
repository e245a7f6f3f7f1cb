using System.CommandLine;
using System.Text.Json.Nodes;
using Tidegate.Cli;
using Tidegate.Cli.Client;
using Tidegate.Contracts;
using Tidegate.ControlPlane.DesiredState;
using Tidegate.ControlPlane.DesiredState.Schema;
using Tidegate.ControlPlane.DesiredState.Views;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.Server.Commands;

/// <summary><c>tidegate fleet render</c>.</summary>
internal static class FleetRenderCommand
{
    private const string Text = """
        Print a fleet with everything resolved: defaults, policies, and the digest that each tenant should run.

        Example:
          tidegate fleet render ./fleet --environment production

        The same files always print the same text. Exit code 3: the fleet is broken.
        """;

    public static Command Create()
    {
        var folder = FleetCommand.FolderArgument("DIR", "The fleet's folder.");
        var environment = new Option<string?>("--environment", "-e") { Description = "This environment only" };
        var tenant = new Option<string?>("--tenant") { Description = "This tenant only" };
        var json = JsonOption.Create();
        var command = new Command("render", Text) { folder, environment, tenant, json };
        command.SetAction(
            (parsed, cancellationToken) =>
            {
                var fleet = FleetCommand.ReadGood(parsed.GetRequiredValue(folder), cancellationToken);
                var rendering = Render(fleet, parsed.GetValue(environment), parsed.GetValue(tenant));
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(rendering);
                }
                else
                {
                    parsed.Output().Write(FleetRendering.Yaml(rendering));
                }

                return Task.FromResult(ExitCodes.Done);
            }
        );
        return command;
    }

    private static JsonObject Render(DesiredFleet fleet, string? environment, string? tenant)
    {
        var place = environment is null
            ? null
            : fleet.Environments.FirstOrDefault(each => each.Name.Value == environment)
                ?? throw Missing("environment", environment, fleet.Environments.Select(each => each.Name.Value));
        if (tenant is null)
        {
            return place is null ? FleetRendering.Of(fleet) : FleetRendering.Of(fleet, place);
        }

        var shop =
            fleet.Tenants.Find(new TenantName(tenant))
            ?? throw Missing("tenant", tenant, fleet.Tenants.Select(each => each.Name.Value));
        return place is null || fleet.EnvironmentOf(shop).Name == place.Name
            ? FleetRendering.Of(fleet, shop)
            : throw new ProblemException(
                new ApiProblem(
                    ProblemCodes.NotFound,
                    $"tenant {tenant} belongs to {fleet.EnvironmentOf(shop).Name}, not to {environment}."
                )
            );
    }

    private static ProblemException Missing(string noun, string name, IEnumerable<string> known) =>
        new(
            new ApiProblem(
                ProblemCodes.NotFound,
                $"the fleet has no {noun} \"{name}\".",
                Suggestions.Nearest(name, [.. known])
            )
        );
}
