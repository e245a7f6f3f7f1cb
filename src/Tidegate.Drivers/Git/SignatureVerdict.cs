using System.Collections.Immutable;
using Tidegate.ControlPlane.Following;

namespace Tidegate.Drivers.Git;

/// <summary>What git's letter for a signature means here.</summary>
internal static class SignatureVerdict
{
    /// <param name="fields">Commit, letter, key id, fingerprint of the primary key, fingerprint of the key that signed.</param>
    /// <param name="unreadable">Files of keys that could not be read: perhaps the key is in one of them.</param>
    public static CommitSignature Of(SignatureForm form, string[] fields, ImmutableArray<string> unreadable)
    {
        var (letter, id, fingerprint) = (fields[1], fields[2], fields[3].Length > 0 ? fields[3] : fields[4]);
        return letter switch
        {
            // Of a key that it has not been told of, ssh-keygen still says that it fits: anybody's key does.
            "U" when form is SignatureForm.Ssh => Unknown(fingerprint, unreadable),
            "G" or "U" when fingerprint.Length > 0 => new CommitSignature.Good(fingerprint),
            "B" => new CommitSignature.Bad("it was made for another content."),
            "R" => new CommitSignature.Bad($"its key {fingerprint} was revoked."),
            "X" => new CommitSignature.Unverifiable($"it was made by {fingerprint} and has expired."),
            "Y" => new CommitSignature.Unverifiable($"its key {fingerprint} has expired."),
            "E" => Unknown(id, unreadable),
            _ => new CommitSignature.Unverifiable("git cannot check it."),
        };
    }

    private static CommitSignature.Unverifiable Unknown(string key, ImmutableArray<string> unreadable) =>
        new(
            unreadable.IsEmpty
                ? $"no known key has the id {key}."
                : $"no known key has the id {key}, and these files of keys cannot be read: {string.Join(", ", unreadable)}."
        );
}
