namespace Tidegate.ControlPlane.Catalog.Python;

/// <summary>What reading a Python literal came to.</summary>
public abstract record PythonLiteral
{
    private PythonLiteral() { }

    public sealed record Read(PythonNode Root) : PythonLiteral;

    /// <param name="Message">What is wrong, without the place, without a full stop.</param>
    public sealed record Wrong(PythonPosition At, string Message) : PythonLiteral;

    /// <summary>
    /// Reads one literal and nothing after it but comments: what <c>ast.literal_eval</c> accepts, except complex
    /// numbers, <c>\N{…}</c> escapes and tuples without parentheses.
    /// </summary>
    public static PythonLiteral Parse(string text) => Parse(text, names: false, whole: true);

    /// <summary>Reads the value that the text begins with, in which bare names may stand for values; what follows is not looked at.</summary>
    internal static PythonLiteral ParseStart(string text) => Parse(text, names: true, whole: false);

    private static PythonLiteral Parse(string text, bool names, bool whole)
    {
        try
        {
            return new Read(new PythonParser(new PythonCursor(text), names).Parse(whole));
        }
        catch (PythonSyntaxException wrong)
        {
            // The parser unwinds with it from any depth; here it becomes a value.
            return new Wrong(wrong.At, wrong.Message);
        }
    }
}
