using System.Globalization;
using System.Text.Json.Nodes;
using Tidegate.ControlPlane.DesiredState.Yaml;

namespace Tidegate.ControlPlane.DesiredState.Schema;

/// <summary>A whole number with a unit behind it, <c>24h</c> or <c>20GiB</c>.</summary>
internal abstract class MeasureKind : ValueKind
{
    private const int MostDigits = 16;

    private readonly (string Unit, long Factor)[] units;
    private readonly string example;
    private readonly long most;
    private readonly long least;

    /// <param name="units">Ascending; each is a multiple of the one before.</param>
    protected MeasureKind((string Unit, long Factor)[] units, string example, long most, long least = 0) =>
        (this.units, this.example, this.most, this.least) = (units, example, most, least);

    public override string Words =>
        $"a whole number with {UnitWords} behind it, like {example}, {(least > 0 ? $"from {Text(least)} " : "")}up to {Text(most)}";

    private string UnitWords => $"{string.Join(", ", units[..^1].Select(unit => unit.Unit))} or {units[^1].Unit}";

    public override object? Read(YamlNode node, string key, DocumentReading reading) =>
        node is YamlNode.Text text && Amount(text.Value) is { } amount && amount >= least && amount <= most
            ? Value(amount)
            : Refuse(node, key, reading);

    public override JsonNode Write(object value) => JsonValue.Create(Text(Amount(value)));

    public override JsonObject Schema() =>
        new()
        {
            ["type"] = "string",
            ["pattern"] =
                $"^(?:0|[1-9][0-9]{{0,{MostDigits - 1}}})(?:{string.Join('|', units.Select(unit => unit.Unit))})$",
        };

    protected abstract object Value(long amount);

    protected abstract long Amount(object value);

    private long? Amount(string text)
    {
        foreach (var (unit, factor) in units.Reverse())
        {
            var digits = text.AsSpan(0, Math.Max(0, text.Length - unit.Length));
            if (
                text.EndsWith(unit, StringComparison.Ordinal)
                && digits.Length is > 0 and <= MostDigits
                && digits.IndexOfAnyExceptInRange('0', '9') < 0
                && (digits[0] is not '0' || digits.Length == 1)
            )
            {
                var number = long.Parse(digits, CultureInfo.InvariantCulture);
                return number <= long.MaxValue / factor ? number * factor : long.MaxValue;
            }
        }

        return null;
    }

    private string Text(long amount)
    {
        var (unit, factor) = amount == 0 ? units[0] : units.Last(unit => amount % unit.Factor == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{amount / factor}{unit}");
    }
}

/// <summary>A duration as a <see cref="TimeSpan"/>.</summary>
internal sealed class DurationKind(TimeSpan most, TimeSpan least = default)
    : MeasureKind(
        [("s", 1), ("m", 60), ("h", 3600), ("d", 86_400)],
        "30m",
        (long)most.TotalSeconds,
        (long)least.TotalSeconds
    )
{
    protected override object Value(long amount) => TimeSpan.FromSeconds(amount);

    protected override long Amount(object value) => (long)((TimeSpan)value).TotalSeconds;
}

/// <summary>A size as a number of bytes.</summary>
internal sealed class SizeKind()
    : MeasureKind(
        [("B", 1), ("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("TiB", 1L << 40)],
        "20GiB",
        1L << 50
    )
{
    protected override object Value(long amount) => amount;

    protected override long Amount(object value) => (long)value;
}
