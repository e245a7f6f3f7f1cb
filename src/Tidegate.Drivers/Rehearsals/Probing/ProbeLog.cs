using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Tidegate.ControlPlane.Rehearsals.Observed;

namespace Tidegate.Drivers.Rehearsals.Probing;

/// <summary>Reads what <see cref="ProbeTriggers"/> said out of a server's log. Fed line by line; lines of others are passed over.</summary>
internal sealed partial class ProbeLog
{
    private const int MostErrors = 200;

    private readonly List<Begun> _begun = [];
    private readonly Dictionary<int, Stack<Begun>> _open = [];
    private readonly ImmutableArray<TableRewrite>.Builder _rewrites = ImmutableArray.CreateBuilder<TableRewrite>();
    private readonly ImmutableArray<DroppedObject>.Builder _dropped = ImmutableArray.CreateBuilder<DroppedObject>();
    private readonly ImmutableArray<ServerError>.Builder _errors = ImmutableArray.CreateBuilder<ServerError>();

    public ImmutableArray<TableRewrite> Rewrites => _rewrites.ToImmutable();

    public ImmutableArray<DroppedObject> Dropped => _dropped.ToImmutable();

    public ImmutableArray<ServerError> Errors => _errors.ToImmutable();

    /// <summary>In the order in which they began; those without an end have failed.</summary>
    public ImmutableArray<DdlCommand> Commands => [.. _begun.Select((begun, index) => begun.Command(index + 1))];

    public void Add(string line)
    {
        if (Ours().Match(line) is { Success: true } ours)
        {
            try
            {
                using var said = JsonDocument.Parse(ours.Groups["json"].ValueSpan.ToString());
                Take(said.RootElement);
            }
            catch (JsonException)
            {
                // Cut off: the server was killed while it wrote. What it began has no end, and counts as failed.
            }
        }
        else if (Error().Match(line) is { Success: true } error && _errors.Count < MostErrors)
        {
            _errors.Add(new(error.Groups["state"].Value, error.Groups["message"].Value, null));
        }
        else if (Statement().Match(line) is { Success: true } statement && _errors is [.., { Statement: null } last])
        {
            _errors[^1] = last with { Statement = statement.Groups["text"].Value };
        }
    }

    private void Take(JsonElement said)
    {
        var pid = said.GetProperty("pid").GetInt32();
        switch (said.GetProperty("event").GetString())
        {
            case "begin":
                Begin(pid, said);
                break;
            case "end":
                End(pid, said);
                break;
            case "drop":
                _dropped.AddRange(
                    said.GetProperty("objects").EnumerateArray().Select(item => Drop(item, Transaction(said)))
                );
                break;
            case "rewrite":
                _rewrites.Add(new(Text(said, "table") ?? "", said.GetProperty("reason").GetInt32(), Transaction(said)));
                break;
        }
    }

    private void Begin(int pid, JsonElement said)
    {
        var begun = new Begun(
            said.GetProperty("at").GetDateTimeOffset(),
            Text(said, "tag") ?? "",
            Text(said, "text") ?? "",
            said.GetProperty("timeout").GetInt64()
        );
        _begun.Add(begun);
        if (!_open.TryGetValue(pid, out var open))
        {
            _open.Add(pid, open = new());
        }

        open.Push(begun);
    }

    /// <summary>Statements nest: what lies above the one that ends here began later and never ended.</summary>
    private void End(int pid, JsonElement said)
    {
        var tag = Text(said, "tag");
        while (_open.TryGetValue(pid, out var open) && open.TryPop(out var begun))
        {
            if (begun.Tag == tag)
            {
                begun.EndedAt = said.GetProperty("at").GetDateTimeOffset();
                begun.Transaction = Transaction(said);
                begun.Objects =
                [
                    .. said.GetProperty("objects")
                        .EnumerateArray()
                        .Select(item => new DdlObject(
                            Text(item, "type") ?? "",
                            Text(item, "identity") ?? "",
                            Text(item, "table"),
                            Text(item, "lock")
                        )),
                ];
                return;
            }
        }
    }

    private static DroppedObject Drop(JsonElement item, long transaction)
    {
        var names = item.GetProperty("names");
        // Schema and table come first, then the name of what belongs to it.
        var isPart = Text(item, "type") is "table column" or "table constraint" or "trigger" or "rule";
        var table =
            names.ValueKind is JsonValueKind.Array
            && (isPart ? names.GetArrayLength() >= 2 : Text(item, "type") is "table" && names.GetArrayLength() == 2)
                ? names[1].GetString()
                : null;
        return new(
            Text(item, "type") ?? "",
            Text(item, "identity") ?? "",
            table,
            item.GetProperty("original").GetBoolean(),
            item.GetProperty("temporary").GetBoolean(),
            transaction
        );
    }

    private static long Transaction(JsonElement said) =>
        said.TryGetProperty("xid", out var xid) && xid.ValueKind is JsonValueKind.String
            ? long.Parse(xid.GetString()!, CultureInfo.InvariantCulture)
            : 0;

    private static string? Text(JsonElement said, string name) =>
        said.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    // With log_error_verbosity = verbose the SQLSTATE stands before the message: LOG:  00000: tidegate-ddl {…}
    [GeneratedRegex(
        @"LOG:  (?:00000: )?tidegate-ddl (?<json>\{.*\})\s*$",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex Ours();

    [GeneratedRegex(
        @"(ERROR|NOTICE):  (?<state>[0-9A-Z]{5}): (?<message>.+)$",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex Error();

    [GeneratedRegex(@"STATEMENT:  (?<text>.+)$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Statement();

    private sealed class Begun(DateTimeOffset at, string tag, string text, long lockTimeout)
    {
        public string Tag => tag;

        public DateTimeOffset? EndedAt { get; set; }

        public long Transaction { get; set; }

        public ImmutableArray<DdlObject> Objects { get; set; } = [];

        public DdlCommand Command(int number) =>
            new(number, at, Transaction, tag, text, (EndedAt - at)?.TotalMilliseconds, lockTimeout, Objects);
    }
}
