using Hookstream.Api.Json;
using Hookstream.Core.Signing;

namespace Hookstream.Api.Subscribers;

/// <summary>Reads signing secrets.</summary>
internal static class SecretFields
{
    private const string Field = "secret";
    private const int MaxLength = 128;

    /// <summary>The secret that was given, or a new one; when what was given is none, the errors tell.</summary>
    public static SigningSecret Read(FieldReader fields)
    {
        if (fields.Text(Field, MaxLength) is { } text)
        {
            if (SigningSecret.TryParse(text, out var given))
                return given!;
            fields.Errors.Add(Field, $"must be {SigningSecret.Accepted}");
        }

        return SigningSecret.Generate();
    }
}
