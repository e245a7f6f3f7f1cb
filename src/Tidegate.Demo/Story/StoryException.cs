namespace Tidegate.Demo.Story;

/// <summary>The story cannot go on. The message is one sentence for whoever started the demo.</summary>
internal sealed class StoryException(string message) : Exception(message);
