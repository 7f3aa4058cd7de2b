using System.Text;
using System.Text.Json;

namespace Hookstream.EndToEnd.Tests.Secrets;

/// <summary>The search itself: it finds a secret that is there, however it is written, and none that is not.</summary>
public sealed class SecretNeedlesTests
{
    private const string Password = "Bearer p+ss/word \"x\"";
    private static readonly byte[] Key = [.. Enumerable.Range(200, 32).Select(value => (byte)value)];
    private static readonly string Signing = "whsec_" + Convert.ToBase64String(Key);

    private readonly SecretNeedles _needles = new();

    public SecretNeedlesTests()
    {
        _needles.Add("password", Password);
        _needles.AddSigningSecret("signing secret", Signing);
    }

    public static TheoryData<string, string> Written() => new()
    {
        { "password", Password },
        { "password", JsonSerializer.Serialize(new { a = Password }) },
        { "password", "?q=" + Uri.EscapeDataString(Password) },
        { "password", Convert.ToBase64String(Encoding.UTF8.GetBytes("user:" + Password + "!")) },
        { "password", Convert.ToBase64String(Encoding.UTF8.GetBytes("user_:" + Password)) },
        { "password", Convert.ToBase64String(Encoding.UTF8.GetBytes("users_:" + Password + "::")) },
        { "password", Convert.ToHexString(Encoding.UTF8.GetBytes("x" + Password)) },
        { "signing secret", "secret=" + Signing + ";" },
        { "signing secret", Signing["whsec_".Length..] },
        { "signing secret", "\\x" + Convert.ToHexStringLower(Key) },
    };

    [Theory]
    [MemberData(nameof(Written))]
    public void Secret_is_found_in_whatever_form_it_is_written(string name, string text) =>
        _needles.FindIn(Encoding.UTF8.GetBytes($"before {text} after")).ShouldBe([name]);

    [Fact]
    public void Bytes_of_a_secret_are_found_among_others()
    {
        _needles.FindIn([1, 2, 3, .. Key, 4]).ShouldBe(["signing secret"]);
        _needles.FindIn(Encoding.Unicode.GetBytes(Password)).ShouldBe(["password"]);
    }

    [Fact]
    public void What_is_no_secret_is_not_found()
    {
        _needles.FindIn(Encoding.UTF8.GetBytes("Bearer ******** whsec_ " + Signing[..14])).ShouldBeEmpty();
        _needles.FindIn(Key.AsSpan(1)).ShouldBeEmpty();
    }
}
