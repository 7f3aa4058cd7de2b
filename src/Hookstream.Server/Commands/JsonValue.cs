using System.Text;
using System.Text.Json;

namespace Hookstream.Server.Commands;

/// <summary>JSON given on the command line: as text, as `@file`, or `@-` for standard input.</summary>
internal static class JsonValue
{
    public const string Help = "JSON|@FILE";

    public static async Task<ReadOnlyMemory<byte>> ReadObjectAsync(
        CommandHost host, string name, string value, CancellationToken cancellationToken)
    {
        var (bytes, source) = await ReadAsync(host, name, value, cancellationToken).ConfigureAwait(false);
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? bytes
                : throw new CommandFailure($"{source} is no JSON object", CommandLine.Usage);
        }
        catch (JsonException exception)
        {
            throw new CommandFailure($"{source} is not JSON: {exception.Message}", CommandLine.Usage);
        }
    }

    public static async Task<JsonElement?> ReadOptionalAsync(
        CommandHost host, string name, string? value, CancellationToken cancellationToken)
    {
        if (value is null)
            return null;
        var bytes = await ReadObjectAsync(host, name, value, cancellationToken).ConfigureAwait(false);
        using var document = JsonDocument.Parse(bytes);
        return document.RootElement.Clone();
    }

    /// <summary>An object of strings; null stands for what is to be removed.</summary>
    public static async Task<Dictionary<string, string?>?> ReadTextsAsync(
        CommandHost host, string name, string? value, CancellationToken cancellationToken)
    {
        if (await ReadOptionalAsync(host, name, value, cancellationToken).ConfigureAwait(false) is not { } given)
            return null;
        var texts = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var entry in given.EnumerateObject())
        {
            if (entry.Value.ValueKind is not (JsonValueKind.String or JsonValueKind.Null))
                throw new CommandFailure($"{name}: '{entry.Name}' must be a string", CommandLine.Usage);
            if (!texts.TryAdd(entry.Name, entry.Value.GetString()))
                throw new CommandFailure($"{name}: '{entry.Name}' is given more than once", CommandLine.Usage);
        }

        return texts;
    }

    private static async Task<(ReadOnlyMemory<byte> Bytes, string Source)> ReadAsync(
        CommandHost host, string name, string value, CancellationToken cancellationToken)
    {
        if (!value.StartsWith('@'))
            return (Encoding.UTF8.GetBytes(value), name);
        if (value == "@-")
        {
            var text = await host.Input.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
            return (Encoding.UTF8.GetBytes(text), "Standard input");
        }

        var path = value[1..];
        try
        {
            return (await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false), path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CommandFailure($"{name}: cannot read '{path}': {exception.Message}", CommandLine.Usage);
        }
    }
}
