using System.Globalization;
using Tidegate.ControlPlane.DesiredState.Changes;

namespace Tidegate.Drivers.Git;

/// <summary>Files that are changed in a person's working tree: each whole or not at all, and back where the commit fails.</summary>
internal sealed class CheckoutFiles(string folder, IReadOnlyCollection<ChangedFile> files)
{
    /// <summary>Null when all are written; otherwise why not, and some may be.</summary>
    public CheckoutRefusal? Write()
    {
        foreach (var file in files)
        {
            var path = Path.Join(folder, file.Path);
            try
            {
                if (file.Before is { } before && !File.ReadAllBytes(path).AsSpan().SequenceEqual(before.Span))
                {
                    return new(CheckoutRefusalKind.NotFit, $"{file.Path} has changed meanwhile.", "try again.");
                }

                Replace(path, file.After.Span);
            }
            catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
            {
                // Rights, a full disk: the person's to clear.
                return new(
                    CheckoutRefusalKind.Refused,
                    $"{path} cannot be written: {unwritable.Message}",
                    "mend that."
                );
            }
        }

        return null;
    }

    /// <summary>Gives back what was there before.</summary>
    public void Restore()
    {
        foreach (var file in files)
        {
            var path = Path.Join(folder, file.Path);
            if (!File.Exists(path) || !File.ReadAllBytes(path).AsSpan().SequenceEqual(file.After.Span))
            {
                continue; // not written yet, or somebody else's by now
            }

            if (file.Before is { } before)
            {
                Replace(path, before.Span);
            }
            else
            {
                File.Delete(path);
            }
        }
    }

    /// <summary>Whole or not at all, with the rights that the file had.</summary>
    private static void Replace(string path, ReadOnlySpan<byte> content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var draft = $"{path}.tidegate-{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}";
        try
        {
            File.WriteAllBytes(draft, content);
            if (File.Exists(path))
            {
                File.SetUnixFileMode(draft, File.GetUnixFileMode(path));
            }

            File.Move(draft, path, overwrite: true);
        }
        finally
        {
            File.Delete(draft);
        }
    }
}
