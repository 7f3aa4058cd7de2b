namespace Hookstream.Core.Diagnoses;

/// <summary>What came back from a model.</summary>
/// <param name="Kind">What kind of reply it is.</param>
/// <param name="Text">The answer; else what went wrong, in words that may be shown to API clients.</param>
public sealed record ModelReply(ModelReplyKind Kind, string Text);
