using System.Diagnostics;
using Tidegate.ControlPlane.DesiredState;
using Tidegate.ControlPlane.DesiredState.Reading;

namespace Tidegate.Tests.DesiredState;

public sealed class FolderFilesTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("tg-fleet-").FullName;

    public FolderFilesTests()
    {
        foreach (var (path, text) in ExampleFleet.Files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(In(path))!);
            File.WriteAllText(In(path), text);
        }
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void What_a_fleet_does_not_know_at_its_root_is_left_alone()
    {
        File.WriteAllText(In("README.md"), "hello");
        Directory.CreateDirectory(In(".github/workflows"));
        File.WriteAllText(In("tenants/.gitkeep"), "");

        Assert.Empty(Problems());
    }

    [Fact]
    public void A_symbolic_link_is_told_and_not_followed()
    {
        File.CreateSymbolicLink(In("sites/link.yaml"), In("sites/local.yaml"));
        File.CreateSymbolicLink(In("pools/secret.yaml"), "/etc/passwd");
        Directory.CreateSymbolicLink(In("journeys"), In("tenants"));

        Assert.Equal(
            [
                "journeys:1:1: journeys is a symbolic link, not a folder.",
                "pools/secret.yaml:1:1: this is a symbolic link, not a file; it is not followed. Put the file itself here.",
                "sites/link.yaml:1:1: this is a symbolic link, not a file; it is not followed. Put the file itself here.",
            ],
            Problems()
        );
    }

    [Fact]
    public void A_pipe_is_told_and_not_waited_for()
    {
        using var made = Process.Start("mkfifo", [In("sites/pipe.yaml")]);
        made.WaitForExit();

        Assert.Equal(
            ["sites/pipe.yaml:1:1: this is a special file, not a file; it is not followed. Put the file itself here."],
            Problems()
        );
    }

    [Fact]
    public void A_file_of_100_MB_is_not_read()
    {
        using (var huge = File.Create(In("sites/huge.yaml")))
        {
            huge.SetLength(100_000_000);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Equal(
            ["sites/huge.yaml:1:1: the file has 100000000 bytes; one of more than 1048576 is not read."],
            Problems()
        );
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000_000);
    }

    [Fact]
    public void A_file_that_may_not_be_read_is_told()
    {
        if (Environment.IsPrivilegedProcess)
        {
            Assert.Skip("Root may read everything.");
        }

        File.SetUnixFileMode(In("sites/local.yaml"), UnixFileMode.None);

        Assert.StartsWith("sites/local.yaml:1:1: the file cannot be read: ", Assert.Single(Problems()));
    }

    private string In(string path) => Path.Join(folder, path);

    private string[] Problems() =>
        FleetReader.Read(new FolderFiles(folder), null, CancellationToken.None) is FleetReading.Broken broken
            ? [.. broken.Problems.Select(problem => problem.ToString())]
            : [];
}
