using System.CommandLine;
using System.Globalization;
using Tidegate.Contracts.Ledger;

namespace Tidegate.Cli.Ledger;

internal static class ListCommand
{
    private const int MostAtOnce = 1000;

    public static Command Create()
    {
        (Option<string?> Option, string Key)[] asked =
        [
            (new("--actor") { Description = "Only what this person or server did: os/0" }, "actor"),
            (new("--tenant") { Description = "Only about this tenant" }, "tenant"),
            (new("--rollout") { Description = "Only of this rollout" }, "rollout"),
            (new("--release") { Description = "Only about this release: 2026.11.2" }, "release"),
            (new("--digest") { Description = "Only about releases whose digest begins so: sha256:1a2b" }, "digest"),
            (new("--step") { Description = "Only of steps of this kind: swap" }, "step"),
            (new("--what") { Description = "Only where kind, step or reason have these words: \"put off\"" }, "what"),
            (Moment("--since", "Only from then on: 2026-11-26, 2026-11-26T08:00Z"), "since"),
            (Moment("--until", "Only before then"), "until"),
        ];
        var before = new Option<long?>("--before") { Description = "Only entries before this number: the next page" };
        var most = new Option<int>("--most") { Description = "How many", DefaultValueFactory = _ => 50 };
        var json = JsonOption.Create();
        var command = new Command(
            "list",
            "List what was done, the newest first\n\nExample: tidegate ledger list --tenant shop-oslo --since 2026-11-26"
        );
        foreach (var (option, _) in asked)
        {
            command.Options.Add(option);
        }

        command.Options.Add(before);
        command.Options.Add(most);
        command.Options.Add(json);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var count = parsed.GetValue(most);
                var query = asked
                    .Select(one => (one.Key, Value: parsed.GetValue(one.Option)))
                    .Append((Key: "before", Value: parsed.GetValue(before)?.ToString(CultureInfo.InvariantCulture)))
                    .Append((Key: "most", Value: Math.Min(count, MostAtOnce).ToString(CultureInfo.InvariantCulture)))
                    .Where(pair => pair.Value is not null)
                    .Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value!)}");
                var entries = await client.GetAsync<IReadOnlyList<LedgerEntryView>>(
                    $"/api/ledger?{string.Join('&', query)}",
                    cancellationToken
                );
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(entries);
                    return ExitCodes.Done;
                }

                TextTable.Write(
                    parsed.Output(),
                    ["ENTRY", "AT", "ACTOR", "KIND", "ABOUT", "REASON"],
                    entries.Select(Row)
                );
                if (entries.Count == count)
                {
                    await parsed.WriteNextAsync($"--before {entries[^1].Id} shows those before");
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }

    /// <summary>A day or a time, checked here so that a mistake is told in our words.</summary>
    private static Option<string?> Moment(string name, string description) =>
        new(name)
        {
            Description = description,
            CustomParser = result =>
            {
                if (
                    DateTimeOffset.TryParse(
                        result.Tokens[0].Value,
                        CultureInfo.InvariantCulture,
                        DateTimeStyles.AssumeUniversal,
                        out var moment
                    )
                )
                {
                    return moment.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture);
                }

                result.AddError($"{name} is a day or a time, as 2026-11-26T08:00Z, not \"{result.Tokens[0].Value}\".");
                return null;
            },
        };

    private static IReadOnlyList<string> Row(LedgerEntryView entry) =>
        [
            entry.Id.ToString(CultureInfo.InvariantCulture),
            entry.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            entry.Actor,
            entry.Kind,
            About(entry),
            entry.Reason ?? "",
        ];

    private static string About(LedgerEntryView entry) =>
        string.Join(' ', new[] { entry.Tenant, entry.Step, entry.Rollout }.OfType<string>()) is { Length: > 0 } about
            ? about
            : "-";
}
