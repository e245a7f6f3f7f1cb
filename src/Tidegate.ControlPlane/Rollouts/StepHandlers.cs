using System.Collections.Frozen;

namespace Tidegate.ControlPlane.Rollouts;

/// <summary>The handler of every step kind, in one visible list: the whole seam between deciding and doing.</summary>
public sealed class StepHandlers
{
    private readonly FrozenDictionary<Type, Run> _handlers;

    private StepHandlers(Dictionary<Type, Run> handlers) => _handlers = handlers.ToFrozenDictionary();

    private delegate Task<StepOutcome> Run(Step step, StepContext context, CancellationToken cancellationToken);

    public IEnumerable<Type> StepTypes => _handlers.Keys;

    public Task<StepOutcome> RunAsync(Step step, StepContext context, CancellationToken cancellationToken) =>
        _handlers[step.GetType()](step, context, cancellationToken);

    /// <summary>Collects handlers; <see cref="Build"/> refuses a list that lacks one.</summary>
    public sealed class Builder
    {
        private readonly Dictionary<Type, Run> _handlers = [];

        public Builder Add<TStep>(IStepHandler<TStep> handler)
            where TStep : Step
        {
            _handlers.Add(
                typeof(TStep),
                (step, context, cancellationToken) => handler.RunAsync((TStep)step, context, cancellationToken)
            );
            return this;
        }

        /// <exception cref="InvalidOperationException">A step kind has no handler.</exception>
        public StepHandlers Build() =>
            StepKinds.Types.Where(type => !_handlers.ContainsKey(type)).Select(type => type.Name).ToList()
                is { Count: > 0 } missing
                ? throw new InvalidOperationException($"No handler for: {string.Join(", ", missing)}.")
                : new StepHandlers(_handlers);
    }
}
