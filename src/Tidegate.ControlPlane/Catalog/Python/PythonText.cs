using System.Globalization;

namespace Tidegate.ControlPlane.Catalog.Python;

/// <summary>A literal as text that is the same for equal values, wherever they stood.</summary>
internal static class PythonText
{
    public static string Of(PythonValue? value) =>
        value switch
        {
            null => "",
            PythonValue.Text text => $"'{text.Value}'",
            PythonValue.Bytes bytes => $"b{Convert.ToHexString([.. bytes.Value])}",
            PythonValue.Integer number => number.Value.ToString(CultureInfo.InvariantCulture),
            PythonValue.Real number => number.Value.ToString("R", CultureInfo.InvariantCulture),
            PythonValue.List list => $"[{Join(list.Items)}]",
            PythonValue.Tuple tuple => $"({Join(tuple.Items)})",
            PythonValue.Set set => $"{{{Join(set.Items)}}}",
            PythonValue.Map map =>
                $"{{{string.Join(',', map.Entries.Select(entry => $"{Of(entry.Key.Value)}:{Of(entry.Value.Value)}"))}}}",
            _ => value.Noun,
        };

    private static string Join(IEnumerable<PythonNode> items) => string.Join(',', items.Select(item => Of(item.Value)));
}
