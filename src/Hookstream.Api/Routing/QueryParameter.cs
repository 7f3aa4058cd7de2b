namespace Hookstream.Api.Routing;

/// <summary>A query parameter that an operation knows.</summary>
internal sealed record QueryParameter(string Name, string Description)
{
    /// <summary>The words that it takes; null: it is free text of the kind described.</summary>
    public IReadOnlyList<string>? Words { get; init; }

    /// <summary>True for a whole number.</summary>
    public bool IsInteger { get; init; }
}
