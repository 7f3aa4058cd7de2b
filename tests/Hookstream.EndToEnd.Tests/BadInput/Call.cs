namespace Hookstream.EndToEnd.Tests.BadInput;

/// <summary>One call of the API: how it is made well, and what can be wrong with it.</summary>
internal sealed record Call(string Method, string Path)
{
    /// <summary>A good body; null: the call takes none.</summary>
    public string? Body { get; init; }

    /// <summary>True: no body is fine, and then no content type is needed.</summary>
    public bool BodyOptional { get; init; }

    /// <summary>True: called with the operator's token.</summary>
    public bool Operator { get; init; }

    /// <summary>True: takes <c>limit</c> and <c>cursor</c>.</summary>
    public bool List { get; init; }

    /// <summary>Bad values of the call's query parameters, as <c>name=value</c>.</summary>
    public string[] BadQueries { get; init; } = [];

    /// <summary>Bodies that are JSON and wrong, and the field that the answer has to name.</summary>
    public (string Field, string Body)[] BadBodies { get; init; } = [];

    /// <summary>A misspelt field of the body, and the name it was meant to be.</summary>
    public (string Misspelt, string Meant)? Misspelling { get; init; }

    public string Name => $"{Method} {Path}";

    /// <summary>The kinds of ids in the path, such as <c>evt</c>.</summary>
    public IReadOnlyList<string> PathIds =>
        [.. Path.Split('/').Where(segment => segment.StartsWith('{')).Select(segment => segment.Trim('{', '}'))];
}
