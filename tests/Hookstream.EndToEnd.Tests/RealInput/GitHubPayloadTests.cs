using System.Text;
using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Servers;

namespace Hookstream.EndToEnd.Tests.RealInput;

/// <summary>Payloads of real webhooks, in by batches, out byte for byte, verified as their receivers would.</summary>
public sealed class GitHubPayloadTests(SharedServer shared)
{
    private const int MaxPayloadBytes = 262_144;
    private const int BatchSize = 100;

    [Fact]
    public async Task GitHub_examples_posted_in_batches_arrive_byte_for_byte_and_verify()
    {
        NodePackages.Require();
        var examples = NodePackages.GitHubExamples();
        examples.Count.ShouldBe(329);
        examples.Max(example => example.Payload.Length).ShouldBeLessThanOrEqualTo(MaxPayloadBytes);
        var tenant = await shared.NewTenantAsync();
        var subscription = await tenant.SubscribeAsync(shared.Receiver.NewEndpoint("github"), "github.*");

        var sent = new Dictionary<string, (string Type, byte[] Payload)>();
        foreach (var batch in examples.Chunk(BatchSize))
        {
            var results = (await tenant.Api.PostAsync("/api/v1/events/batch", Batch(batch))).Data(202).GetProperty("results");
            results.GetArrayLength().ShouldBe(batch.Length);
            foreach (var result in results.EnumerateArray())
            {
                result.Number("enqueued_count").ShouldBe(1, result.ToString());
                sent.Add(result.Text("event_id"), batch[result.Number("index")]);
            }
        }

        var requests = await subscription.Endpoint.WaitForAsync(examples.Count);
        requests.Count.ShouldBe(examples.Count);
        foreach (var request in requests)
        {
            var (type, payload) = sent[request.EventId];
            request.Header("X-Hookstream-Event").ShouldBe(type);
            request.Data.AsSpan().SequenceEqual(payload).ShouldBeTrue($"{request.EventId} ({type}) did not arrive as it was sent");
        }

        requests.Select(request => request.EventId).Distinct().Count().ShouldBe(examples.Count);
        var (exitCode, output) = await NodePackages.VerifyAsync(requests, subscription.Secret);
        exitCode.ShouldBe(0, output);
        output.ShouldContain($$"""{"verified":{{examples.Count}}}""");
    }

    private static byte[] Batch((string Type, byte[] Payload)[] events)
    {
        var body = new MemoryStream();
        body.Write("{\"events\":["u8);
        for (var i = 0; i < events.Length; i++)
        {
            body.Write(Encoding.UTF8.GetBytes($$"""{{(i > 0 ? "," : "")}}{"type":"{{events[i].Type}}","payload":"""));
            body.Write(events[i].Payload);
            body.Write("}"u8);
        }

        body.Write("]}"u8);
        return body.ToArray();
    }
}
