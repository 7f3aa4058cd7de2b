using Hookstream.Core.Signing;

namespace Hookstream.Core.Tests.Diagnoses;

/// <summary>An endpoint with everything that must not leave.</summary>
internal static class Endpoints
{
    public const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    public const string Previous = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
    public const string Credential = "Bearer q7Rk2Zp9Xw4Lm8";
    public const string Cookie = "sid=77";

    public static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static EndpointSnapshot New(
        string url = "https://hooks.example.org:8443/in/4c1f9ab27d?key=topsecretquery", EndpointGate? gate = null)
    {
        var settings = new SubscriberSettings
        {
            Url = new Uri(url),
            Events = [FilterOf("*")],
            Headers = CustomHeaders.Of([new("Authorization", Credential), new("Cookie", Cookie)]),
        };
        var subscriber = new Subscriber(
            SubscriberId.New(Now), TenantId.New(Now), settings, gate ?? new EndpointGate { OpenedAt = Now }, Now, Now);
        return new EndpointSnapshot(subscriber, new SigningSecrets(SecretOf(Secret), SecretOf(Previous), Now));
    }

    private static EventFilter FilterOf(string text) =>
        EventFilter.TryParse(text, out var filter) ? filter! : throw new ArgumentException(text, nameof(text));

    private static SigningSecret SecretOf(string text) =>
        SigningSecret.TryParse(text, out var secret) ? secret! : throw new ArgumentException(text, nameof(text));
}
