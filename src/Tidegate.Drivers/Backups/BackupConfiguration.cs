using System.Security.Cryptography;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Backups;

/// <summary>The configuration of pgBackRest for one site, and what PostgreSQL is told about its archive.</summary>
/// <remarks>
/// Everything is encrypted with a passphrase that is made once and kept in <c>secrets/backup-passphrase</c>: whoever
/// loses it loses the backups. It is in no argument and no log, and in the configuration only because PostgreSQL's own
/// user, who archives, must read it there.
/// </remarks>
internal sealed class BackupConfiguration(SiteLayout layout, OsUser? user)
{
    /// <summary>A segment is archived after this time also when it is not full: what a lost cluster can lose.</summary>
    private const int ArchiveTimeoutSeconds = 60;

    private const int PassphraseBytes = 48;

    /// <summary>Makes the folders, the passphrase and the configuration, and the repository where there is none. Again changes nothing.</summary>
    /// <exception cref="RepositoryPlaceException">The home's file about its repository is wrong.</exception>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (PgBackRest.Program is null)
        {
            return;
        }

        Write();

        // A repository of another cluster, or one that cannot be written, keeps nobody from working: the segments stay
        // in the cluster until they can be archived, and the next backup says what is wrong.
        await new PgBackRest(layout).RunAsync("stanza-create", ["--no-online"], cancellationToken);
    }

    /// <summary>The folders, the passphrase and the configuration, without the repository's own.</summary>
    public void Write()
    {
        Folder.Passage(layout.Backups);
        foreach (
            var folder in new[] { layout.BackupRepository, layout.BackupLog, layout.BackupLock, layout.BackupSpool }
        )
        {
            Folder.Private(folder, user);
        }

        AtomicFile.TryCreate(
            layout.BackupPassphrase,
            Convert.ToBase64String(RandomNumberGenerator.GetBytes(PassphraseBytes))
        );
        AtomicFile.Write(layout.BackupConfiguration, Text(AtomicFile.Read(layout.BackupPassphrase)!.Trim()), user);
    }

    /// <summary>Lines of postgresql.conf. Without pgBackRest nothing is archived: segments that nobody takes would fill the disk.</summary>
    public string ServerSettings =>
        PgBackRest.Program is { } program
            ? $"""
                wal_level = replica
                archive_mode = on
                archive_timeout = {ArchiveTimeoutSeconds}
                archive_command = {Quoted(ArchiveCommand(program))}

                """
            : "archive_mode = off\n";

    // PostgreSQL replaces %p; a percent sign of ours is doubled.
    private string ArchiveCommand(string program) =>
        $"{Shell(program)} {Shell($"--config={layout.BackupConfiguration}")} --stanza={PgBackRest.Stanza} archive-push %p";

    private string Text(string passphrase) =>
        $"""
            # Written by Tidegate.
            [global]
            {string.Join(
                '\n',
                RepositoryPlace.Read(layout)?.Settings(layout) ?? [$"repo1-path={layout.BackupRepository}"]
            )}
            repo1-cipher-type=aes-256-cbc
            repo1-cipher-pass={passphrase}
            repo1-bundle=y
            compress-type=zst
            compress-level=1
            start-fast=y
            expire-auto=n
            process-max=2
            log-level-console=off
            log-level-stderr=off
            log-level-file=warn
            log-path={layout.BackupLog}
            lock-path={layout.BackupLock}
            spool-path={layout.BackupSpool}

            [{PgBackRest.Stanza}]
            pg1-path={layout.PostgresData}
            pg1-socket-path={layout.PostgresSocket}
            pg1-port={SiteLayout.PostgresPort}
            pg1-user={SitePostgres.Superuser}

            """;

    private static string Shell(string word) =>
        $"'{word.Replace("'", "'\\''", StringComparison.Ordinal).Replace("%", "%%", StringComparison.Ordinal)}'";

    private static string Quoted(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";
}
