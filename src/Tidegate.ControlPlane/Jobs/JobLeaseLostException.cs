namespace Tidegate.ControlPlane.Jobs;

/// <summary>The job is another server's by now: whoever finds out stops quietly.</summary>
public sealed class JobLeaseLostException(JobId job) : Exception($"job {job} is another server's by now.");
