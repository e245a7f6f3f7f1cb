namespace Tidegate.TestKit;

/// <summary>A file of the repository that is made from the code. <c>TIDEGATE_RENEW_GOLDEN=1</c> writes it anew.</summary>
internal static class PublishedFile
{
    public static void Matches(string path, string text)
    {
        var file = PathOf(path);
        if (Environment.GetEnvironmentVariable("TIDEGATE_RENEW_GOLDEN") is "1")
        {
            File.WriteAllText(file, text);
            return;
        }

        Assert.Equal(text, File.ReadAllText(file));
    }

    public static string Read(string path) => File.ReadAllText(PathOf(path));

    private static string PathOf(string path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Join(folder.FullName, "Tidegate.slnx")))
        {
            folder =
                folder.Parent ?? throw new DirectoryNotFoundException("There is no Tidegate.slnx above the tests.");
        }

        return Path.Join(folder.FullName, path);
    }
}
