using Hookstream.Core.Encryption;

namespace Hookstream.Api.Tests.Encryption;

public sealed class EncryptionTests : IAsyncLifetime
{
    private const string Path = "/api/v1/encryption/rotate";

    private static readonly SubscriberId Middle = SubscriberId.New(ApiServer.Now);

    private readonly ApiServer _server = new();
    private readonly List<SubscriberId?> _asked = [];

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Passes_are_made_until_one_finds_everything_under_the_newest_key()
    {
        Answer(new(100, 0, Middle), new(3, 1, null), new(1, 0, null), new(0, 0, null));

        var answer = await _server.PostAsync(Path, null, ApiServer.AdminToken);

        answer.Status.ShouldBe(200, answer.Text);
        answer.Data.GetRawText().ShouldBe("""{"reencrypted":104,"complete":true}""");
        _asked.ShouldBe([null, Middle, null, null]);
    }

    [Fact]
    public async Task Long_run_answers_after_a_few_seconds_and_the_next_call_goes_on()
    {
        AnswerAfter(() => _server.Clock.Advance(TimeSpan.FromSeconds(3)), new(100, 0, Middle), new(100, 0, Middle), new(7, 0, null), new(0, 0, null));

        var first = await _server.PostAsync(Path, null, ApiServer.AdminToken);
        var second = await _server.PostAsync(Path, "{}", ApiServer.AdminToken);

        first.Data.GetRawText().ShouldBe("""{"reencrypted":200,"complete":false}""");
        second.Data.GetRawText().ShouldBe("""{"reencrypted":7,"complete":true}""");
    }

    [Fact]
    public async Task Record_that_no_key_made_is_named()
    {
        _server.Encryption.OnReencrypt = _ =>
            throw new EncryptionKeyMismatchException("HOOKSTREAM_ENCRYPTION_KEY does not decrypt the secret of sub_1", new InvalidOperationException());

        var answer = await _server.PostAsync(Path, null, ApiServer.AdminToken);

        answer.ShouldFail(409, "conflict");
        answer.Detail.ShouldContain("sub_1");
    }

    [Fact]
    public async Task Only_the_operator_may_call_it()
    {
        (await _server.PostAsync(Path, null)).ShouldFail(403, "forbidden");
        (await _server.PostAsync(Path, """{"key":"x"}""", ApiServer.AdminToken)).ShouldFail(400, "validation_failed");
        _asked.ShouldBeEmpty();
    }

    private void Answer(params ReencryptedChunk[] chunks) => AnswerAfter(() => { }, chunks);

    private void AnswerAfter(Action before, params ReencryptedChunk[] chunks)
    {
        var left = new Queue<ReencryptedChunk>(chunks);
        _server.Encryption.OnReencrypt = after =>
        {
            before();
            _asked.Add(after);
            return left.Dequeue();
        };
    }
}
