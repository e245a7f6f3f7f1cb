using System.Globalization;
using System.Text;

namespace Tidegate.Tests.DesiredState;

/// <summary>One fault in a good fleet, drawn by a seed.</summary>
internal static class BrokenFleets
{
    private static readonly Func<Random, string, byte[]>[] Faults =
    [
        (_, text) => Bytes($"{text}unknownKey: 1\n"),
        (_, text) => Bytes(text.Replace(": ", ": [", StringComparison.Ordinal)),
        (_, text) => Bytes($"{text}{text}"), // every key twice, or a list where a map was
        (_, _) => Bytes("- a list\n- in place of a map\n"),
        (_, _) => Bytes("just a text\n"),
        (_, _) => [],
        (_, _) => Bytes("# nothing but a comment\n"),
        (_, text) => Bytes($"{text}---\n{text}"),
        (_, _) => Bytes(Bomb()),
        (random, _) => Bytes(new string(random.Next(2) == 0 ? '[' : '{', random.Next(1000, 900_000))),
        (random, _) => Bytes(string.Concat(Enumerable.Repeat("a: {", random.Next(20, 100_000)))),
        (random, _) => Bytes(Nested(random.Next(20, 500))),
        (random, _) => Bytes(string.Concat(Enumerable.Repeat("- a\n", random.Next(20_001, 200_000)))),
        (random, text) => [.. Bytes(text), (byte)random.Next(0x80, 0xc0), (byte)'\n'],
        (_, text) => Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes(text)).ToArray(),
        (_, text) => [0xef, 0xbb, 0xbf, .. Bytes(text)],
        (random, text) => Insert(random, text, "\0"),
        (random, text) => Insert(random, text, "\u202e"),
        (random, text) => Bytes(text.Replace('e', (char)0x435).Replace('a', (char)0x430)), // looks the same
        (_, text) => Bytes(text.Replace("\n", "\n\t", StringComparison.Ordinal) + "x"),
        (_, text) => Bytes($"base: &all\n  {text.Replace("\n", "\n  ", StringComparison.Ordinal)}\n<<: *all\n"),
        (random, _) => Noise(random),
        (random, text) => Bytes(text[..(text.IndexOf(": ", StringComparison.Ordinal) + 2)] + "{" + random.Next()),
        (_, text) => Bytes($"{text}\"unclosed: 1\n"),
        (_, text) => Bytes($"? {text}"),
        (random, _) => Bytes($"{new string('k', random.Next(1000, 100_000))}: 1\n"),
        (random, text) =>
            Bytes(text.Replace(": ", $": {new string('9', random.Next(400, 2000))} ", StringComparison.Ordinal)),
    ];

    /// <summary>The good fleet with one file broken; which one and how comes from the seed.</summary>
    public static (MemoryFiles Files, string Path) Draw(int seed)
    {
        var random = new Random(seed);
        var files = MemoryFiles.Example();
        var paths = files.Paths.Where(path => path.EndsWith(".yaml", StringComparison.Ordinal)).ToArray();
        var path = paths[random.Next(paths.Length)];
        files.Put(path, Faults[seed % Faults.Length](random, files.Text(path)));
        return (files, path);
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Insert(Random random, string text, string what) =>
        Bytes(text.Insert(random.Next(text.Length), what));

    private static byte[] Noise(Random random)
    {
        var bytes = new byte[random.Next(1, 50_000)];
        random.NextBytes(bytes);
        return bytes;
    }

    // Nine names for nine times the one before: three billion words where aliases are followed.
    private static string Bomb()
    {
        var text = new StringBuilder("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
        for (var level = 1; level < 10; level++)
        {
            var words = string.Join(", ", Enumerable.Repeat($"*a{level - 1}", 9));
            text.Append(CultureInfo.InvariantCulture, $"a{level}: &a{level} [{words}]\n");
        }

        return text.ToString();
    }

    private static string Nested(int depth) =>
        string.Concat(Enumerable.Range(0, depth).Select(level => $"{new string(' ', level)}a:\n"));
}
