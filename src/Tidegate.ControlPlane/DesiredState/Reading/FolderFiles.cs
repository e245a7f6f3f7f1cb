using Tidegate.ControlPlane.Catalog.Trees;

namespace Tidegate.ControlPlane.DesiredState.Reading;

/// <summary>A fleet in a folder of this machine. Symbolic links are told, never followed.</summary>
public sealed class FolderFiles(string folder) : IFleetFiles
{
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = FileAttributes.None };

    public IReadOnlyList<FleetFile> List()
    {
        var files = new List<FleetFile>();
        Add(files, FleetLayout.Root);
        foreach (var name in FleetFolders.All)
        {
            if (Posix.Find(Path.Join(folder, name)) is not { } status)
            {
                continue;
            }

            if (status.Kind is not FileKind.Folder)
            {
                Add(files, name);
                continue;
            }

            foreach (var path in Directory.EnumerateFileSystemEntries(Path.Join(folder, name), "*", Everything))
            {
                Add(files, $"{name}/{Path.GetFileName(path)}");
                if (files.Count > FleetLayout.MostFiles)
                {
                    return files; // so many that the reader refuses them
                }
            }
        }

        return files;
    }

    public ReadOnlyMemory<byte> Read(FleetFile file)
    {
        using var handle = File.OpenHandle(Path.Join(folder, file.Path));
        // What has grown since it was listed is cut there: a file of that size was not to be read.
        var content = new byte[Math.Min(RandomAccess.GetLength(handle), FleetLayout.LargestFile)];
        var read = 0;
        for (int more; read < content.Length && (more = RandomAccess.Read(handle, content.AsSpan(read), read)) > 0; )
        {
            read += more;
        }

        return content.AsMemory(0, read);
    }

    private void Add(List<FleetFile> files, string path)
    {
        if (Posix.Find(Path.Join(folder, path)) is { } status)
        {
            files.Add(new FleetFile(path, null, status.Identity.Size) { Kind = Kind(status.Kind) });
        }
    }

    private static FleetFileKind Kind(FileKind kind) =>
        kind switch
        {
            FileKind.File => FleetFileKind.Regular,
            FileKind.Folder => FleetFileKind.Folder,
            FileKind.Link => FleetFileKind.Link,
            FileKind.Special => FleetFileKind.Special,
        };
}
