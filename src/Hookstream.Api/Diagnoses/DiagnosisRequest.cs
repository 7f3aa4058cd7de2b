namespace Hookstream.Api.Diagnoses;

/// <summary>Which endpoint to look at.</summary>
internal sealed record DiagnosisRequest
{
    public const int DefaultLimit = 20;
    public const int MaxLimit = 50;

    public static readonly string[] FieldNames = ["subscriber_id", "limit"];

    /// <summary>The endpoint's subscriber; required.</summary>
    public string? SubscriberId { get; init; }

    /// <summary>How many of its last failed attempts to look at, 1 to 50; 20 when left out.</summary>
    public int? Limit { get; init; }
}
