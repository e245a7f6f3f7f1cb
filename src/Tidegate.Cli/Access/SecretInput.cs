using System.CommandLine;
using System.Text;
using Tidegate.Cli.Client;
using Tidegate.Contracts;

namespace Tidegate.Cli.Access;

/// <summary>Secrets that a person types, or that a file has. Never an argument.</summary>
internal static class SecretInput
{
    public static Option<string?> File(string name, string what) =>
        new(name) { Description = $"File whose first line is {what} (default: it is asked for)" };

    /// <exception cref="ProblemException">There is none.</exception>
    public static string Read(ParseResult parsed, Option<string?> file, string prompt)
    {
        if (parsed.GetValue(file) is { } path)
        {
            return TokenFile.Read(path);
        }

        if (Console.IsInputRedirected)
        {
            return Console.In.ReadLine() is { Length: > 0 } line ? line : throw Nothing(file);
        }

        parsed.Error().Write(prompt);
        var typed = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key is ConsoleKey.Backspace)
            {
                typed.Length = Math.Max(0, typed.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar))
            {
                typed.Append(key.KeyChar);
            }
        }

        parsed.Error().WriteLine();
        return typed.Length > 0 ? typed.ToString() : throw Nothing(file);
    }

    private static ProblemException Nothing(Option<string?> file) =>
        new(new(ProblemCodes.Invalid, "nothing was typed.", $"type it, or name a file with {file.Name}."));
}
