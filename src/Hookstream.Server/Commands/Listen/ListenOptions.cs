namespace Hookstream.Server.Commands.Listen;

/// <summary>How `listen` receives and misbehaves.</summary>
/// <param name="Port">Where to listen on 127.0.0.1; 0: any free port.</param>
/// <param name="Events">The filters of the subscriber that it registers.</param>
/// <param name="FailRate">Which share of deliveries to answer with 500, 0 to 1.</param>
/// <param name="Delay">How long to wait before answering a delivery.</param>
/// <param name="Register">Whether to register a subscriber of its own.</param>
/// <param name="Secret">The secret to verify by when it registers none; null: nothing is verified.</param>
internal sealed record ListenOptions(
    int Port,
    IReadOnlyList<string> Events,
    double FailRate,
    TimeSpan Delay,
    bool Register,
    string? Secret);
