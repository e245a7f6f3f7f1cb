using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Odoo;

/// <summary>
/// The checkpoint's filestore: a tree of hard links to the tenant's files. Odoo names files by their content and never
/// changes one, so a link keeps what the tenant had, at no cost, whatever is collected later.
/// </summary>
internal static class CheckpointFilestore
{
    // A file that Odoo collects while the tree is walked makes one attempt fail, never two in a row for long.
    private const int Attempts = 3;

    private const string DraftSuffix = ".new";

    public static string PathOf(SiteLayout layout, StepContext context) =>
        Path.Combine(layout.Checkpoint(context.Upgrade), "filestore");

    /// <summary>Builds the tree beside its place and moves it there, so that it is whole or not there. A tenant without a folder has no files.</summary>
    /// <returns>False when it is there already.</returns>
    /// <exception cref="IOException">The tree cannot be linked; nothing is left.</exception>
    public static async Task<bool> BuildAsync(
        SiteLayout layout,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var tree = PathOf(layout, context);
        if (Directory.Exists(tree))
        {
            return false;
        }

        var draft = $"{tree}.{context.Epoch}{DraftSuffix}";
        Directory.CreateDirectory(layout.Checkpoint(context.Upgrade));
        RemoveDrafts(layout, context);
        for (var attempt = 1; ; attempt++)
        {
            Remove(draft);
            var answer = await LinkAsync(layout, context, draft, cancellationToken);
            if (answer is null)
            {
                Directory.Move(draft, tree);
                return true;
            }

            if (attempt == Attempts)
            {
                Remove(draft);
                throw new IOException(
                    $"The filestore of {context.Target.Tenant} could not be linked to {tree}: {answer}."
                );
            }
        }
    }

    /// <summary>Adds the files that came between the first linking and the fence. Fenced, nobody adds or removes one.</summary>
    public static async Task CompleteAsync(SiteLayout layout, StepContext context, CancellationToken cancellationToken)
    {
        if (await BuildAsync(layout, context, cancellationToken))
        {
            return;
        }

        if (await LinkAsync(layout, context, PathOf(layout, context), cancellationToken) is { } complaint)
        {
            throw new IOException($"The filestore of {context.Target.Tenant} could not be completed: {complaint}.");
        }
    }

    /// <summary>Null when all went well, otherwise what came back.</summary>
    private static async Task<string?> LinkAsync(
        SiteLayout layout,
        StepContext context,
        string to,
        CancellationToken cancellationToken
    )
    {
        var from = layout.Filestore(context.Target.Pool, context.Target.Database);
        Directory.CreateDirectory(to);
        if (!Directory.Exists(from))
        {
            return null;
        }

        // -l links, -a keeps owners and modes of folders, -n leaves what is there.
        var answer = await Tool.RunAsync("/bin/cp", ["-aln", "--", $"{from}/.", to], cancellationToken);
        return answer.ExitCode == 0 ? null : answer.Complaint;
    }

    /// <summary>Also what a control plane left that was killed here, or is frozen and will find its draft gone.</summary>
    private static void RemoveDrafts(SiteLayout layout, StepContext context)
    {
        foreach (var draft in Directory.EnumerateDirectories(layout.Checkpoint(context.Upgrade), $"*{DraftSuffix}"))
        {
            Remove(draft);
        }
    }

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
