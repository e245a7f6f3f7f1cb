using CsCheck;
using Tidegate.ControlPlane.Following;

namespace Tidegate.Tests.Following;

public sealed class SourceAddressRulesTests
{
    private static readonly string[] Schemes = ["https", "ssh", "http", "ftp", "HTTPS"];

    [Theory]
    [InlineData("/srv/git/fleet.git")]
    [InlineData("/srv/with space/fleet")]
    [InlineData("file:///srv/git/fleet.git")]
    [InlineData("git@git.example.com:shops/fleet.git")]
    [InlineData("git.example.com:fleet")]
    [InlineData("git@git.example.com:~ann/fleet.git")]
    [InlineData("ssh://git@git.example.com:2222/shops/fleet.git")]
    [InlineData("ssh://[::1]:2222/shops/fleet.git")]
    [InlineData("https://git.example.com/shops/fleet.git")]
    [InlineData("https://deploy@git.example.com:8443/shops/fleet")]
    [InlineData("http://127.0.0.1:3000/fleet.git")]
    [InlineData("http://localhost/fleet.git")]
    [InlineData("http://[::1]/fleet.git")]
    public void An_address_of_a_repository_may_be_followed(string repository) =>
        Assert.Null(SourceAddressRules.Refusal(new(repository, "main")));

    [Theory]
    [InlineData("", "has to have 1 to")]
    [InlineData("fleet", "is no address")]
    [InlineData("../fleet", "is no address")]
    [InlineData("./a:b", "is no address")]
    [InlineData("-uevil", "begins with a hyphen")]
    [InlineData("--upload-pack=touch x", "begins with a hyphen")]
    [InlineData("ext::sh -c touch% x", "is no address")]
    [InlineData("fd::17", "is no address")]
    [InlineData("host::path", "is no address")]
    [InlineData("git@-oProxyCommand=x:fleet", "is no address")]
    [InlineData("-oProxyCommand=x@host:fleet", "begins with a hyphen")]
    [InlineData("ssh://-oProxyCommand=x/fleet", "is no address")]
    [InlineData("ssh://host/", "names no repository")]
    [InlineData("https://host", "names no repository")]
    [InlineData("git://host/fleet", "is not followed")]
    [InlineData("ftp://host/fleet", "is not followed")]
    [InlineData("http://git.example.com/fleet", "is not encrypted")]
    [InlineData("http://127.0.0.1.example.com/fleet", "is not encrypted")]
    [InlineData("file://host/fleet", "names another machine")]
    [InlineData("https://host/fleet?token=abc", "holds a ?")]
    [InlineData("https://host/fleet#x", "holds a ?")]
    [InlineData("https://host/@ann/fleet", "an @ in its path")]
    [InlineData("https://host/the fleet", "holds a space")]
    [InlineData("/srv/a\nb", "control letter")]
    [InlineData("https://169.254.169.254/latest/meta-data", "belongs to no service")]
    [InlineData("https://2852039166/fleet", "belongs to no service")]
    [InlineData("https://0xA9FEA9FE/fleet", "belongs to no service")]
    [InlineData("https://0251.0376.0251.0376/fleet", "belongs to no service")]
    [InlineData("https://[::ffff:169.254.169.254]/fleet", "belongs to no service")]
    [InlineData("https://[64:ff9b::a9fe:a9fe]/fleet", "belongs to no service")]
    [InlineData("https://[fe80::1]/fleet", "belongs to no service")]
    [InlineData("https://[::]/fleet", "belongs to no service")]
    [InlineData("https://0/fleet", "belongs to no service")]
    [InlineData("https://255.255.255.255/fleet", "belongs to no service")]
    [InlineData("ssh://git@169.254.169.254/fleet", "belongs to no service")]
    [InlineData("ssh://git@2852039166/fleet", "belongs to no service")]
    [InlineData("git@169.254.169.254:fleet", "belongs to no service")]
    [InlineData("git@2852039166:fleet", "belongs to no service")]
    [InlineData("http://169.254.169.254/fleet", "is not encrypted")]
    [InlineData("http://[::1].example.com/fleet", "names no host")]
    [InlineData("https://[2001:db8::1]evil.example/fleet", "names no host")]
    [InlineData("https://git.example.com\\@169.254.169.254/fleet", "is no address")]
    [InlineData("https://git.example.com\\fleet/x", "is no address")]
    [InlineData("https://git.example.com@169.254.169.254/fleet", "belongs to no service")]
    [InlineData("gopher://169.254.169.254/_GET", "is not followed")]
    [InlineData("dict://127.0.0.1:11211/x", "is not followed")]
    [InlineData("file://169.254.169.254/fleet", "names another machine")]
    [InlineData("/srv/fleet\0/etc/passwd", "control letter")]
    [InlineData("file:///srv/fleet%00", "control letter")]
    [InlineData("https://host/fleet%0d%0aHost:%20x", "control letter")]
    [InlineData("https://ann:hunter2@host/fleet", "holds a password")]
    [InlineData("https://:hunter2@host/fleet", "holds a password")]
    [InlineData("https://ghp_0123456789@host/fleet", "looks like a token")]
    [InlineData("https://0123456789012345678901234567890123456789@host/fleet", "looks like a token")]
    public void An_address_that_could_do_more_than_name_a_repository_is_refused(string repository, string because)
    {
        var refusal = SourceAddressRules.Refusal(new(repository, "main"));

        Assert.Contains(because, refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal!);
    }

    [Theory]
    [InlineData("main")]
    [InlineData("release/2026.11")]
    [InlineData("größe")]
    [InlineData("a-b_c#1")]
    public void A_branch_of_git_may_be_followed(string branch) =>
        Assert.Null(SourceAddressRules.Refusal(new("/srv/fleet", branch)));

    [Theory]
    [InlineData("")]
    [InlineData("-main")]
    [InlineData("--all")]
    [InlineData("refs/heads/main")]
    [InlineData("a..b")]
    [InlineData("a b")]
    [InlineData("*")]
    [InlineData("ma?n")]
    [InlineData("a^")]
    [InlineData("a:b")]
    [InlineData("a~1")]
    [InlineData("a\\b")]
    [InlineData("a[b")]
    [InlineData("a\tb")]
    [InlineData("@")]
    [InlineData("a@{1}")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData(".a")]
    [InlineData("a/.b")]
    [InlineData("a.")]
    [InlineData("a.lock")]
    [InlineData("a.lock/b")]
    public void What_is_no_branchs_name_is_refused(string branch) =>
        Assert.NotNull(SourceAddressRules.Refusal(new("/srv/fleet", branch)));

    [Theory]
    [InlineData("ops/fleet", true)]
    [InlineData("ops/the fleet", true)]
    [InlineData("/ops", false)]
    [InlineData("ops/", false)]
    [InlineData("ops//fleet", false)]
    [InlineData("../fleet", false)]
    [InlineData("ops/./fleet", false)]
    [InlineData("ops\nfleet", false)]
    public void A_folder_leads_nowhere_else(string folder, bool isOne) =>
        Assert.Equal(isOne, SourceAddressRules.Refusal(new("/srv/fleet", "main", folder)) is null);

    [Theory]
    [InlineData("https://host/fleet", "forge-token", true)]
    [InlineData("git@host:fleet", "deploy-key", true)]
    [InlineData("https://host/fleet", "../etc/passwd", false)]
    [InlineData("https://host/fleet", "Token", false)]
    [InlineData("/srv/fleet", "forge-token", false)]
    [InlineData("file:///srv/fleet", "forge-token", false)]
    public void A_secret_is_the_name_of_a_file_and_belongs_to_a_remote_address(
        string repository,
        string secret,
        bool isOne
    ) => Assert.Equal(isOne, SourceAddressRules.Refusal(new(repository, "main", "", secret)) is null);

    [Theory]
    [InlineData("https://ann:hunter2@host/fleet", "https://host/fleet")]
    [InlineData("https://ann:hun@ter2@host/fleet", "https://host/fleet")]
    [InlineData("ssh://git@host/fleet", "ssh://host/fleet")]
    [InlineData("git@host:fleet", "git@host:fleet")]
    [InlineData("/srv/a@b", "/srv/a@b")]
    [InlineData("https://ann:hun/ter 2@host/fleet", "https://host/fleet")]
    public void An_address_is_shown_without_its_user(string repository, string shown) =>
        Assert.Equal(shown, SourceAddressRules.Shown(repository));

    [Fact]
    public void No_refusal_tells_a_password() =>
        Gen.Select(Gen.Int[0, Schemes.Length - 1], Gen.String[Gen.Char["ab/@:?#-% \n"], 0, 6])
            .Sample(
                (scheme, user) =>
                {
                    var refusal = SourceAddressRules.Refusal(
                        new($"{Schemes[scheme]}://{user}:hunter2@host/fleet", "main")
                    );
                    return refusal is null || !refusal.Contains("hunter2", StringComparison.Ordinal);
                }
            );
}
