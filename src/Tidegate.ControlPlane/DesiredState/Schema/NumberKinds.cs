using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Tidegate.ControlPlane.DesiredState.Yaml;

namespace Tidegate.ControlPlane.DesiredState.Schema;

/// <summary>A whole number in decimal digits: <c>010</c> is octal to some readers of YAML and ten to others, so it is neither.</summary>
internal sealed partial class NumberKind(int least, int most) : ValueKind
{
    public override string Words =>
        most == int.MaxValue
            ? string.Create(CultureInfo.InvariantCulture, $"a whole number of {least} or more")
            : string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}");

    public override object? Read(YamlNode node, string key, DocumentReading reading)
    {
        if (node is not YamlNode.Text text)
        {
            return Refuse(node, key, reading);
        }

        if (!Digits().IsMatch(text.Value))
        {
            return Refuse(
                node,
                key,
                reading,
                text.Value.Length > 1 && text.Value.All(char.IsAsciiDigit)
                    ? $"Write it without leading zeros: {text.Value.TrimStart('0').PadLeft(1, '0')}."
                    : null
            );
        }

        return !text.IsPlain ? Refuse(node, key, reading, "Write it without quotes.")
            : int.TryParse(text.Value, CultureInfo.InvariantCulture, out var number)
            && number >= least
            && number <= most
                ? number
            : Refuse(node, key, reading);
    }

    public override JsonNode Write(object value) => JsonValue.Create((int)value);

    public override JsonObject Schema() =>
        new()
        {
            ["type"] = "integer",
            ["minimum"] = least,
            ["maximum"] = most,
        };

    [GeneratedRegex(@"\A(0|[1-9][0-9]*)\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Digits();
}

/// <summary>A number with decimals between two whole ones of one digit.</summary>
internal abstract partial class DecimalKind(int least, int most) : ValueKind
{
    public override object? Read(YamlNode node, string key, DocumentReading reading) =>
        node is YamlNode.Text { IsPlain: true } text
        && Decimal().IsMatch(text.Value)
        && double.TryParse(text.Value, CultureInfo.InvariantCulture, out var number)
        && number >= least
        && number <= most
            ? number
            : Refuse(node, key, reading);

    public override JsonNode Write(object value) => JsonValue.Create((double)value);

    public override JsonObject Schema() =>
        new()
        {
            ["type"] = "number",
            ["minimum"] = least,
            ["maximum"] = most,
        };

    [GeneratedRegex(@"\A[0-9](\.[0-9]{1,15})?\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Decimal();
}

/// <summary>A share from 0 to 1.</summary>
internal sealed class ShareKind() : DecimalKind(0, 1)
{
    public override string Words => "a share from 0 to 1, like 0.02";
}

/// <summary>How many times something.</summary>
internal sealed class FactorKind() : DecimalKind(1, 9)
{
    public override string Words => "a number from 1 to 9, like 1.5";
}
