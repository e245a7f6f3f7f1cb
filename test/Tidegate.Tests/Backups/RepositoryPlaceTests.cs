using Tidegate.Drivers.Backups;
using Tidegate.Drivers.Sites;

namespace Tidegate.Tests.Backups;

/// <summary>What a home's backups.json may say.</summary>
public sealed class RepositoryPlaceTests : IDisposable
{
    private const string Good = """
        {"kind": "s3", "endpoint": "https://s3.example:9000", "bucket": "shop-backups", "prefix": "oslo", "accessKey": "access", "secretKey": "secret"}
        """;

    private readonly SiteLayout _layout = new(Directory.CreateTempSubdirectory("tg-place-").FullName);

    public RepositoryPlaceTests()
    {
        Directory.CreateDirectory(_layout.Secrets);
        File.WriteAllText(Path.Combine(_layout.Secrets, "access"), "the-id\n");
        File.WriteAllText(Path.Combine(_layout.Secrets, "secret"), "the-secret\n");
    }

    [Fact]
    public void Without_the_file_it_is_the_homes_folder()
    {
        Assert.Null(RepositoryPlace.Read(_layout));
        Assert.Null(RepositoryPlace.Refusal(_layout));
        Assert.Equal(_layout.BackupRepository, RepositoryPlace.Where(_layout));
    }

    [Fact]
    public void Every_setting_is_a_line_of_its_own()
    {
        File.WriteAllText(_layout.RepositoryFile, Good);

        Assert.Equal(
            [
                "repo1-type=s3",
                "repo1-path=/oslo",
                "repo1-s3-bucket=shop-backups",
                "repo1-s3-endpoint=s3.example",
                "repo1-s3-region=us-east-1",
                "repo1-s3-uri-style=path",
                "repo1-s3-key=the-id",
                "repo1-s3-key-secret=the-secret",
                "repo1-storage-port=9000",
            ],
            RepositoryPlace.Read(_layout)!.Settings(_layout)
        );
    }

    [Theory]
    [InlineData("\"s3\"", "\"folder\"", "kind is \"s3\"")]
    [InlineData("https://s3.example:9000", "http://127.0.0.1:9000", "pgBackRest speaks nothing else")]
    [InlineData("https://s3.example:9000", "https://s3.example/path", "pgBackRest speaks nothing else")]
    [InlineData("shop-backups", "shop\\nrepo1-cipher-type=none", "no bucket's name")]
    [InlineData("oslo", "os\\nlo", "prefix")]
    [InlineData("\"access\"", "\"../access\"", "secret")]
    [InlineData("\"access\"", "\"nobody\"", "has no such file")]
    [InlineData("\"prefix\"", "\"prefiks\"", "prefiks")]
    public void What_is_wrong_is_said_with_the_file(string what, string with, string expected)
    {
        File.WriteAllText(_layout.RepositoryFile, Good.Replace(what, with, StringComparison.Ordinal));

        var refusal = RepositoryPlace.Refusal(_layout);

        Assert.Contains(expected, refusal, StringComparison.Ordinal);
        Assert.Contains(_layout.RepositoryFile, refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("the-secret", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void A_secret_of_two_lines_would_be_a_setting_of_its_own()
    {
        File.WriteAllText(_layout.RepositoryFile, Good);
        File.WriteAllText(Path.Combine(_layout.Secrets, "secret"), "one\nrepo1-cipher-type=none\n");

        Assert.Contains("with one line", RepositoryPlace.Refusal(_layout), StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_layout.Home, recursive: true);
}
