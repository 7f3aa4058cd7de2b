namespace Hookstream.Diagnosis;

/// <summary>How the model is reached.</summary>
public sealed record AnthropicOptions
{
    /// <summary>The model that is asked where none is set.</summary>
    public const string DefaultModel = "claude-haiku-5-5";

    /// <summary>The key; never logged.</summary>
    public required string ApiKey { get; init; }

    /// <summary>The model's id. Default: <see cref="DefaultModel"/>.</summary>
    public string Model { get; init; } = DefaultModel;

    /// <summary>Where the Messages API is; null: the SDK's own.</summary>
    public Uri? BaseUrl { get; init; }

    /// <summary>Without the key.</summary>
    public override string ToString() => Model;
}
