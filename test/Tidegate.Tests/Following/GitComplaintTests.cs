using Tidegate.Drivers.Git;
using Tidegate.Drivers.Sites;

namespace Tidegate.Tests.Following;

public sealed class GitComplaintTests
{
    private static readonly SiteLayout Layout = new("/srv/home");

    [Theory]
    [InlineData(
        "fatal: '/srv/x' does not appear to be a git repository\nfatal: Could not read from remote repository.\n\nPlease make sure you have the correct access rights\nand the repository exists.\n",
        "https://host/fleet does not answer: '/srv/x' does not appear to be a git repository."
    )]
    [InlineData(
        "Host key verification failed.\nfatal: Could not read from remote repository.\n",
        "https://host/fleet does not answer: Host key verification failed; put its host key, from ssh-keyscan and checked, into /srv/home/secrets/known_hosts."
    )]
    [InlineData(
        "ssh: Could not resolve hostname nowhere: Name or service not known\r\nfatal: Could not read from remote repository.\n",
        "https://host/fleet does not answer: ssh: Could not resolve hostname nowhere: Name or service not known."
    )]
    [InlineData(
        "fatal: unable to access 'https://ann:hunter2@host/fleet/': The requested URL returned error: 500\n",
        "https://host/fleet does not answer: unable to access 'https://host/fleet/': The requested URL returned error: 500."
    )]
    [InlineData(
        "remote: \nremote: \u001b[31mNot found\nfatal: Authentication failed for 'https://host/fleet/'\n",
        "https://host/fleet does not answer: \uFFFD[31mNot found; name a secret that holds a token which may read it."
    )]
    [InlineData("", "https://host/fleet does not answer: git ended without a word.")]
    public void What_git_says_becomes_one_sentence_with_the_way_on(string error, string sentence) =>
        Assert.Equal(sentence, GitComplaint.OfRemote("https://ann:hunter2@host/fleet", error, Layout));

    [Theory]
    [InlineData("fatal: write error: No space left on device\n", "make room on that disk")]
    [InlineData("error: object file /srv/home/x is empty\nfatal: loose object is corrupt\n", "it is fetched anew")]
    public void What_is_wrong_with_the_copy_here_is_told_with_its_folder(string error, string wayOn)
    {
        var mirror = new GitMirror(Layout, "https://host/fleet", TimeProvider.System);

        var sentence = GitComplaint.OfMirror(mirror, error);

        Assert.Contains(mirror.Folder, sentence, StringComparison.Ordinal);
        Assert.Contains(wayOn, sentence, StringComparison.Ordinal);
        Assert.EndsWith(".", sentence, StringComparison.Ordinal);
    }
}
