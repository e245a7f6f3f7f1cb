using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Tidegate.ControlPlane.Following;

namespace Tidegate.Drivers.Git;

/// <summary>How a commit is signed.</summary>
internal enum SignatureForm
{
    None,
    OpenPgp,
    Ssh,
    Other,
}

/// <summary>
/// Reads a commit as git keeps it. Formatted output of git would have to be cut apart again, and whoever wrote the
/// commit chose what is in it; here a line is a line and the first author is the author.
/// </summary>
internal static class CommitText
{
    /// <summary>How much of a commit is read: headers, and of its message the beginning.</summary>
    public const int Longest = 1 << 20;

    private static readonly long LastSecond = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    public static (SourceCommit Commit, SignatureForm Form) Parse(CommitId id, ReadOnlySpan<byte> text)
    {
        var (parents, form) = (ImmutableArray.CreateBuilder<CommitId>(), SignatureForm.None);
        ReadOnlySpan<byte> author = default;
        ReadOnlySpan<byte> committer = default;
        var encoding = Encoding.UTF8;
        while (NextLine(ref text) is { IsEmpty: false } line)
        {
            var space = line.IndexOf((byte)' ');
            var key = space < 0 ? line : line[..space];
            var value = space < 0 ? default : line[(space + 1)..];
            if (key.SequenceEqual("parent"u8) && CommitId.TryCreate(Encoding.ASCII.GetString(value), out var parent))
            {
                parents.Add(parent);
            }
            else if (key.SequenceEqual("author"u8) && author.IsEmpty)
            {
                author = value;
            }
            else if (key.SequenceEqual("committer"u8) && committer.IsEmpty)
            {
                committer = value;
            }
            else if (key.SequenceEqual("encoding"u8))
            {
                encoding = EncodingOf(Encoding.ASCII.GetString(value));
            }
            else if (key.SequenceEqual(id.Value.Length == 64 ? "gpgsig-sha256"u8 : "gpgsig"u8))
            {
                form = FormOf(value);
            }
        }

        var subject = NextLine(ref text);
        while (subject.IsEmpty && !text.IsEmpty)
        {
            subject = NextLine(ref text);
        }

        return (
            new(
                id,
                parents.ToImmutable(),
                Shown(encoding, Person(author), SourceText.LongestName),
                Shown(encoding, Person(committer), SourceText.LongestName),
                Time(committer),
                Shown(encoding, subject, SourceText.LongestSubject),
                new CommitSignature.None()
            ),
            form
        );
    }

    private static ReadOnlySpan<byte> NextLine(scoped ref ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf((byte)'\n');
        var line = end < 0 ? text : text[..end];
        text = end < 0 ? default : text[(end + 1)..];
        return line;
    }

    /// <summary><c>Ann Lee &lt;ann@example.com&gt; 1764057600 +0100</c> without its time.</summary>
    private static ReadOnlySpan<byte> Person(ReadOnlySpan<byte> line) =>
        line.LastIndexOf((byte)'>') is >= 0 and var end ? line[..(end + 1)] : line;

    private static DateTimeOffset Time(ReadOnlySpan<byte> line)
    {
        var time = Encoding
            .ASCII.GetString(line[(line.LastIndexOf((byte)'>') + 1)..])
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return DateTimeOffset.FromUnixTimeSeconds(
            time.Length > 0 && long.TryParse(time[0], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                ? Math.Min(seconds, LastSecond)
                : 0
        );
    }

    private static string Shown(Encoding encoding, ReadOnlySpan<byte> text, int most) =>
        // Cut before it is decoded as well: a line may be as long as a commit.
        SourceText.Shown(encoding.GetString(text[..Math.Min(text.Length, 8 * most)]), most);

    private static Encoding EncodingOf(string name)
    {
        try
        {
            return Encoding.GetEncoding(name);
        }
        // .NET knows UTF-7 and refuses it: a commit that names it would have ended every round of following.
        catch (Exception unknown) when (unknown is ArgumentException or NotSupportedException)
        {
            return Encoding.UTF8; // what does not fit becomes U+FFFD
        }
    }

    private static SignatureForm FormOf(ReadOnlySpan<byte> firstLine) =>
        firstLine.SequenceEqual("-----BEGIN PGP SIGNATURE-----"u8)
        || firstLine.SequenceEqual("-----BEGIN PGP MESSAGE-----"u8)
            ? SignatureForm.OpenPgp
        : firstLine.SequenceEqual("-----BEGIN SSH SIGNATURE-----"u8) ? SignatureForm.Ssh
        : SignatureForm.Other;
}
