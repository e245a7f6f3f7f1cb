namespace Tidegate.Demo.Story;

/// <summary>The checkout that the demo was built in: its scripts and samples are part of the story.</summary>
/// <param name="Root">Absolute path.</param>
internal sealed record Repository(string Root)
{
    public string SampleAddons => Path.Combine(Root, "samples", "addons");

    /// <exception cref="StoryException">The demo was moved out of its checkout.</exception>
    public static Repository Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Tidegate.slnx")))
            {
                return new(folder.FullName);
            }
        }

        throw new StoryException($"{AppContext.BaseDirectory} is in no checkout of Tidegate; run ./demo from one.");
    }
}
