namespace Tidegate.ControlPlane.Measurements;

/// <summary>What the disk below a site's PostgreSQL offers, found by trying it there.</summary>
/// <param name="CanClone">A file was cloned: its copy shares its blocks.</param>
/// <param name="CloneReason">What the file system answered.</param>
/// <param name="FileCopyMethod">How that PostgreSQL copies files, <c>copy</c> or <c>clone</c>; null before PostgreSQL 18, which cannot clone.</param>
/// <param name="CopyBytesPerSecond">Of a file of some megabytes, down to the disk. A database's many files copy slower.</param>
public sealed record HostProbe(bool CanClone, string CloneReason, string? FileCopyMethod, double CopyBytesPerSecond)
{
    /// <summary>Whether a copy of a database shares its source's blocks. A setting alone proves nothing: on ext4 the clone is refused.</summary>
    public bool CopiesAreClones => CanClone && FileCopyMethod is "clone";

    /// <summary>Why copies are clones, or are not, in a few words.</summary>
    public string Says =>
        this switch
        {
            { CopiesAreClones: true } => "files are cloned",
            { CanClone: false } => $"files cannot be cloned: {CloneReason}",
            { FileCopyMethod: null } => "files could be cloned, by PostgreSQL 18 or later",
            _ => "files could be cloned: set file_copy_method = clone",
        };
}

/// <summary>Tries what this server's site offers.</summary>
public interface IHostProbe
{
    /// <summary>Null when its PostgreSQL does not answer.</summary>
    Task<HostProbe?> ProbeAsync(CancellationToken cancellationToken);

    /// <summary>Free bytes where its databases lie.</summary>
    long FreeBytes();
}
