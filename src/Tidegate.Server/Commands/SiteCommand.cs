using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Tidegate.Cli;
using Tidegate.Cli.Client;
using Tidegate.Contracts;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;

namespace Tidegate.Server.Commands;

/// <summary><c>tidegate site up|down|status</c>: a whole site on this machine.</summary>
internal static class SiteCommand
{
    private const string UpText = """
        Start what does not run: PostgreSQL, gateway, control plane, generations

        Example: tidegate site up --home /srv/tidegate

        A second site of the same fleet has its own PostgreSQL and gateway, and joins the first one's control plane:
          tidegate site up --home /srv/oslo --name oslo --control /srv/tidegate --port 8081
        """;

    private static readonly string[] Header = ["PROCESS", "STATE", "PID", "SINCE", "LISTENS", "LOG"];

    public static Command Create() =>
        new("site", "Start, stop, look at and restore a site on this machine")
        {
            Up(),
            Down(),
            Status(),
            SiteRestoreCommand.Create(),
        };

    private static Command Up()
    {
        var (home, json) = (HomeOption(), JsonOption.Create());
        var port = new Option<int?>("--port")
        {
            Description = $"Where shops are served on 127.0.0.1 (default: as before, else {SiteOptions.DefaultPort})",
        };
        port.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1 or > ushort.MaxValue)
            {
                result.AddError("--port is a number from 1 to 65535.");
            }
        });
        var name = new Option<string?>("--name")
        {
            Description = $"The site's name, for ever (default: as before, else {SiteOptions.DefaultName})",
        };
        var control = new Option<DirectoryInfo?>("--control")
        {
            Description =
                "The home, on this machine, whose control plane this site joins (default: as before, else its own)",
        };
        var copies = new Option<int?>("--copies-gb")
        {
            Description =
                "Disk that copies of tenants' data may take, in gigabytes (default: as before, else no bound)",
        };
        copies.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1)
            {
                result.AddError("--copies-gb is a number from 1.");
            }
        });
        var command = new Command("up", UpText) { home, name, control, port, copies, json };
        command.SetAction(
            (parsed, cancellationToken) =>
                ReportAsync(() =>
                    UpAsync(
                        parsed,
                        Layout(parsed, home),
                        new(
                            parsed.GetValue(port),
                            parsed.GetValue(name),
                            PathOf(parsed.GetValue(control)),
                            parsed.GetValue(copies)
                        ),
                        parsed.GetValue(json),
                        cancellationToken
                    )
                )
        );
        return command;
    }

    private static Command Down()
    {
        var (home, json) = (HomeOption(), JsonOption.Create());
        var command = new Command(
            "down",
            "End every process of the site; its data stays\n\nExample: tidegate site down --home /srv/tidegate"
        )
        {
            home,
            json,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                ReportAsync(() => DownAsync(parsed, Layout(parsed, home), parsed.GetValue(json), cancellationToken))
        );
        return command;
    }

    private static Command Status()
    {
        var (home, json) = (HomeOption(), JsonOption.Create());
        var command = new Command(
            "status",
            "Show what of the site runs; exit code 0 only when all that is wanted does\n\nExample: tidegate site status --home /srv/tidegate"
        )
        {
            home,
            json,
        };
        command.SetAction(parsed => Show(parsed, Site(Layout(parsed, home)).Status(), parsed.GetValue(json)));
        return command;
    }

    private static async Task<int> UpAsync(
        ParseResult parsed,
        SiteLayout layout,
        Asked asked,
        bool json,
        CancellationToken cancellationToken
    )
    {
        if (Options(layout, asked) is not { } options)
        {
            throw new ProblemException(
                new(
                    ProblemCodes.Blocked,
                    "PostgreSQL 15 or later is not installed.",
                    $"apt-get install postgresql, or set {PostgresBinaries.Variable} to the folder of initdb."
                )
            );
        }

        var site = Site(layout);
        if (await site.UpAsync(options, cancellationToken) is { } refusal)
        {
            throw new ProblemException(new(ProblemCodes.Blocked, refusal.What, refusal.Next));
        }

        Show(parsed, site.Status(), json);
        return ExitCodes.Done;
    }

    private static async Task<int> DownAsync(
        ParseResult parsed,
        SiteLayout layout,
        bool json,
        CancellationToken cancellationToken
    )
    {
        var ended = await Site(layout).DownAsync(cancellationToken);
        if (json)
        {
            parsed.WriteJson(
                new
                {
                    layout.Home,
                    State = "down",
                    Ended = ended,
                }
            );
        }
        else
        {
            await parsed
                .Output()
                .WriteLineAsync(
                    ended.Count == 0
                        ? $"Nothing of {layout.Home} was running."
                        : $"Ended in {layout.Home}: {string.Join(", ", ended)}."
                );
        }

        return ExitCodes.Done;
    }

    private static int Show(ParseResult parsed, SiteStatus status, bool json)
    {
        if (json)
        {
            parsed.WriteJson(status);
        }
        else
        {
            Print(parsed.Output(), status);
        }

        return string.Equals(status.State, "up", StringComparison.Ordinal) ? ExitCodes.Done : ExitCodes.Unavailable;
    }

    internal static void Print(TextWriter writer, SiteStatus status)
    {
        writer.WriteLine(
            status.Name is { } name
                ? $"Site {name} in {status.Home} is {status.State}."
                : $"Site {status.Home} is {status.State}."
        );
        if (status.Processes.Count == 0)
        {
            return;
        }

        TextTable.Write(
            writer,
            Header,
            status.Processes.Select(process =>
                (IReadOnlyList<string>)
                    [
                        process.Name,
                        process.Pid is null ? "gone"
                        : process.Wanted ? "runs"
                        : "not wanted",
                        process.Pid?.ToString(CultureInfo.InvariantCulture) ?? "-",
                        process.StartedAt?.ToString("yyyy-MM-dd HH:mm:ssZ", CultureInfo.InvariantCulture) ?? "-",
                        process.Detail ?? "-",
                        process.Log ?? "-",
                    ]
            )
        );
        writer.WriteLine($"Shops: {status.Address}  Control plane: export TIDEGATE_SERVER={status.Server}");
        writer.WriteLine(
            string.Equals(status.Control, status.Home, StringComparison.Ordinal)
                ? "It holds the control plane's database."
                : $"It has joined the control plane of {status.Control}."
        );
    }

    /// <summary>What did not come up is said in one sentence; what did stays, and the command may be given again.</summary>
    internal static async Task<int> ReportAsync(Func<Task<int>> action)
    {
        try
        {
            return await action();
        }
        catch (Exception failure) when (failure is ProcessStartException or IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(
                new(
                    ProblemCodes.Failed,
                    failure.Message,
                    "put that right and give the command again; it goes on from where it is."
                )
            );
        }
    }

    /// <summary>What was asked for; null stands for what it was before.</summary>
    private sealed record Asked(int? Port, string? Name, string? Control, int? CopiesGb);

    private static SiteOptions? Options(SiteLayout layout, Asked asked)
    {
        var last = SiteOptions.Read(layout);
        var control = asked.Control ?? last?.Control;
        return (PostgresBinaries.Find() ?? last?.PostgresBinaries) is { } binaries
            ? new(
                asked.Port ?? last?.Port ?? SiteOptions.DefaultPort,
                binaries,
                asked.Name ?? last?.Name ?? SiteOptions.DefaultName,
                string.Equals(control, layout.Home, StringComparison.Ordinal) ? null : control,
                asked.CopiesGb ?? last?.CopiesGb
            )
            : null;
    }

    private static LocalSite Site(SiteLayout layout) => new(layout, TimeProvider.System);

    internal static SiteLayout Layout(ParseResult parsed, Option<DirectoryInfo> home) =>
        new(PathOf(parsed.GetRequiredValue(home)));

    [return: NotNullIfNotNull(nameof(folder))]
    private static string? PathOf(DirectoryInfo? folder) =>
        folder is null ? null : Path.TrimEndingDirectorySeparator(folder.FullName);

    internal static Option<DirectoryInfo> HomeOption() =>
        new("--home") { Description = "The site's home folder", Required = true };
}
