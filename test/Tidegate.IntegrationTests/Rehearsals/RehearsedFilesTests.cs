using Tidegate.Drivers.Rehearsals;

namespace Tidegate.IntegrationTests.Rehearsals;

/// <summary>A rehearsal gets the tenant's files, and no others of the machine.</summary>
public sealed class RehearsedFilesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tg-files-");

    private string From => Path.Combine(_folder.FullName, "from");

    private string To => Path.Combine(_folder.FullName, "to");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Files_come_along_and_links_and_odd_names_do_not()
    {
        var secret = Path.Combine(_folder.FullName, "secret");
        File.WriteAllText(secret, "of the machine");
        var (file, link, there) = (Name('a'), Name('b'), Name('c'));
        Write(From, file, "a contract");
        Write(From, there, "a face");
        Write(To, there, "a grey picture");
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(From, link))!);
        File.CreateSymbolicLink(Path.Combine(From, link), secret);

        var came = RehearsedFiles.Take(
            From,
            To,
            [file, link, there, Name('d'), "../secret", secret],
            user: null,
            TestContext.Current.CancellationToken
        );

        Assert.Equal((1, 2), came);
        Assert.Equal("a contract", File.ReadAllText(Path.Combine(To, file)));
        Assert.Equal("a grey picture", File.ReadAllText(Path.Combine(To, there)));
        Assert.Equal(2, Directory.EnumerateFiles(To, "*", SearchOption.AllDirectories).Count());
    }

    private static string Name(char digit) => $"{digit}{digit}/{new string(digit, 40)}";

    private static void Write(string folder, string name, string text)
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
