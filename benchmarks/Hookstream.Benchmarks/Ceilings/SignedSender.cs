using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Hookstream.Benchmarks.Ceilings;

/// <summary>
/// Builds one envelope after another, signs it by both schemes and sends it with a delivery's headers. One instance is
/// one send in flight: its buffers are reused.
/// </summary>
internal sealed class SignedSender : IDisposable
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=";
    private static readonly byte[] SecretText = Encoding.UTF8.GetBytes(Secret);
    private static readonly byte[] SecretBytes = Convert.FromBase64String(Secret["whsec_".Length..]);
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly ArrayBufferWriter<byte> _buffer = new(1024);
    private readonly Utf8JsonWriter _json;
    private readonly HttpMessageInvoker _invoker;
    private readonly Uri _target;

    public SignedSender(HttpMessageInvoker invoker, Uri target)
    {
        _invoker = invoker;
        _target = target;
        _json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { SkipValidation = true });
    }

    public static HttpMessageInvoker CreateInvoker() => new(new SocketsHttpHandler
    {
        ActivityHeadersPropagator = null,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(4),
        UseCookies = false,
        UseProxy = false,
    });

    public async Task SendAsync(
        string eventId,
        string type,
        ReadOnlyMemory<byte> payload,
        DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        using var request = Build(eventId, type, payload.Span, now);
        using var response = await _invoker.SendAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw new BenchmarkException($"the receiver answered {(int)response.StatusCode}");
    }

    public void Dispose() => _json.Dispose();

    private HttpRequestMessage Build(string eventId, string type, ReadOnlySpan<byte> payload, DateTimeOffset now)
    {
        var seconds = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        _buffer.ResetWrittenCount();

        // The signed content of Standard Webhooks is "id.timestamp.body": the body is built behind its prefix, so that
        // it is hashed in one go and sent from the same buffer.
        Encoding.ASCII.GetBytes($"{eventId}.{seconds}.", _buffer);
        var bodyStart = _buffer.WrittenCount;
        _json.Reset(_buffer);
        _json.WriteStartObject();
        _json.WriteString("id"u8, eventId);
        _json.WriteString("type"u8, type);
        _json.WriteString(
            "timestamp"u8,
            now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
        _json.WritePropertyName("data"u8);
        _json.WriteRawValue(payload, skipInputValidation: true);
        _json.WriteEndObject();
        _json.Flush();

        var signed = _buffer.WrittenMemory;
        var body = signed[bodyStart..];
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(SecretText, body.Span, mac);
        var signature = "sha256=" + Convert.ToHexStringLower(mac);
        HMACSHA256.HashData(SecretBytes, signed.Span, mac);
        var standardSignature = "v1," + Convert.ToBase64String(mac);

        var content = new ReadOnlyMemoryContent(body);
        content.Headers.ContentType = Json;
        var request = new HttpRequestMessage(HttpMethod.Post, _target) { Content = content };
        var headers = request.Headers;
        headers.TryAddWithoutValidation("User-Agent", "Hookstream/0.1.0");
        headers.TryAddWithoutValidation("X-Hookstream-Signature", signature);
        headers.TryAddWithoutValidation("X-Hookstream-Event", type);
        headers.TryAddWithoutValidation("X-Hookstream-Delivery", "dlv_01jg3z8q7w0000000000000000");
        headers.TryAddWithoutValidation("X-Hookstream-Attempt", "1");
        headers.TryAddWithoutValidation("webhook-id", eventId);
        headers.TryAddWithoutValidation("webhook-timestamp", seconds);
        headers.TryAddWithoutValidation("webhook-signature", standardSignature);
        return request;
    }
}
