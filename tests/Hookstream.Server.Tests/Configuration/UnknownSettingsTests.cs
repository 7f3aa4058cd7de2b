using Hookstream.Server.Configuration;
using Microsoft.Extensions.Configuration;

namespace Hookstream.Server.Tests.Configuration;

/// <summary>A misspelt setting is noticed, and what is somebody else's is left alone.</summary>
public sealed class UnknownSettingsTests
{
    [Fact]
    public void Misspelt_variable_is_found_with_the_name_that_was_meant() =>
        Find("HOOKSTREAM_RETRY_SHEDULE").ShouldHaveSingleItem()
            .ShouldBe(("HOOKSTREAM_RETRY_SHEDULE", "HOOKSTREAM_RETRY_SCHEDULE"));

    [Fact]
    public void Misspelt_name_in_the_settings_file_is_found() =>
        Find("Hookstream:WORKER_CONCURENCY").ShouldHaveSingleItem().ShouldBe(("WORKER_CONCURENCY", "WORKER_CONCURRENCY"));

    [Theory]
    [InlineData("HOOKSTREAM_RETRY_SCHEDULE")]
    [InlineData("HOOKSTREAM_URL")]
    [InlineData("HOOKSTREAM_BANNER")]
    [InlineData("Hookstream:PORT")]
    [InlineData("RETRY_SHEDULE")]
    [InlineData("Logging:LogLevel:Default")]
    public void Known_names_and_those_of_others_are_not(string key) => Find(key).ShouldBeEmpty();

    [Theory]
    [InlineData("HOOKSTREAM_SERVICE_HOST")]
    [InlineData("HOOKSTREAM_SERVICE_PORT")]
    [InlineData("HOOKSTREAM_SERVICE_PORT_HTTP")]
    [InlineData("HOOKSTREAM_PORT")]
    [InlineData("HOOKSTREAM_PORT_3000_TCP")]
    [InlineData("HOOKSTREAM_PORT_3000_TCP_ADDR")]
    [InlineData("HOOKSTREAM_API_SERVICE_HOST")]
    [InlineData("HOOKSTREAM_API_PORT_3000_TCP_PROTO")]
    public void What_Kubernetes_sets_for_a_service_of_our_name_is_not(string key) => Find(key).ShouldBeEmpty();

    private static IReadOnlyList<(string Name, string Nearest)> Find(string key)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create(key, (string?)"x")])
            .Build();
        var asked = new SettingsReader(new ConfigurationBuilder().Build());
        SettingsLoader.Load(asked, Role.All).ShouldNotBeNull();
        return UnknownSettings.Find(configuration, asked.Known);
    }
}
