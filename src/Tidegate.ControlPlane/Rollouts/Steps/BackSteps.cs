namespace Tidegate.ControlPlane.Rollouts;

/// <summary>The reverse swap in one transaction, if the swap happened; nothing otherwise.</summary>
public sealed record SwapBack : Step;

/// <summary>The copy is gone, with every process and session that worked on it.</summary>
public sealed record DropCopy : Step;

/// <summary>The original belongs to the old generation again and lets it connect.</summary>
public sealed record Unfence : Step;

/// <summary>Held requests go on to the old generation; its crons serve the tenant again.</summary>
public sealed record Reopen : Step;

/// <summary>Nothing of the attempt is left: the checkpoint's links, a generation without tenants, migrators.</summary>
public sealed record CleanUp : Step;
