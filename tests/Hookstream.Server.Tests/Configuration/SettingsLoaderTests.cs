using Hookstream.Diagnosis;
using Hookstream.Server.Configuration;
using Microsoft.Extensions.Configuration;

namespace Hookstream.Server.Tests.Configuration;

/// <summary>Which settings a deployment needs, by store and role.</summary>
public sealed class SettingsLoaderTests
{
    private const string Key = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
    private const string Url = "postgresql://app:s3cret@db.example:5432/hookstream?sslmode=disable";

    [Fact]
    public void Embedded_deployment_needs_nothing()
    {
        var (settings, _) = Load(Role.All);

        settings.ShouldNotBeNull().Database.ShouldBeNull();
    }

    [Theory]
    [InlineData("API_TOKEN")]
    [InlineData("HOOKSTREAM_ADMIN_TOKEN")]
    public void PostgreSQL_needs_the_key_and_one_of_the_tokens(string token)
    {
        var (settings, problems) = Load(
            Role.All, ("DATABASE_URL", Url), ("HOOKSTREAM_ENCRYPTION_KEY", Key), (token, "a-token-of-32-characters-or-less"));

        problems.ShouldBeEmpty();
        settings.ShouldNotBeNull().Database.ShouldNotBeNull().Listen.ShouldBeTrue();
    }

    [Fact]
    public void What_PostgreSQL_needs_is_told_all_at_once()
    {
        var (settings, problems) = Load(Role.Api, ("DATABASE_URL", Url), ("PORT", "none"));

        settings.ShouldBeNull();
        problems.Count.ShouldBe(3);
        problems.ShouldContain(problem => problem.StartsWith("PORT:", StringComparison.Ordinal));
        problems.ShouldContain(problem => problem.StartsWith("HOOKSTREAM_ENCRYPTION_KEY: it is required", StringComparison.Ordinal));
        problems.ShouldContain(problem => problem.StartsWith("API_TOKEN: it or HOOKSTREAM_ADMIN_TOKEN is required", StringComparison.Ordinal));
    }

    [Fact]
    public void Provider_of_diagnoses_needs_a_key_alone()
    {
        Load(Role.All).Settings.ShouldNotBeNull().Diagnosis.ShouldBeNull();
        Load(Role.All, ("ANTHROPIC_MODEL", "claude-x"), ("ANTHROPIC_BASE_URL", "https://ai.example")).Settings.ShouldNotBeNull().Diagnosis.ShouldBeNull();
        Load(Role.All, ("ANTHROPIC_API_KEY", "sk-0123456")).Settings.ShouldNotBeNull().Diagnosis
            .ShouldBe(new AnthropicOptions { ApiKey = "sk-0123456", Model = AnthropicOptions.DefaultModel });
        Load(Role.All, ("ANTHROPIC_API_KEY", "sk-0123456"), ("ANTHROPIC_MODEL", "claude-x"), ("ANTHROPIC_BASE_URL", "https://ai.example/v"))
            .Settings.ShouldNotBeNull().Diagnosis
            .ShouldBe(new AnthropicOptions { ApiKey = "sk-0123456", Model = "claude-x", BaseUrl = new Uri("https://ai.example/v") });
    }

    [Theory]
    [InlineData("ANTHROPIC_API_KEY", "short")]
    [InlineData("ANTHROPIC_API_KEY", "sk-with a space")]
    [InlineData("ANTHROPIC_MODEL", "claude haiku")]
    [InlineData("ANTHROPIC_BASE_URL", "ai.example")]
    [InlineData("ANTHROPIC_BASE_URL", "ftp://ai.example")]
    [InlineData("ANTHROPIC_BASE_URL", "https://user:s3cret@ai.example")]
    [InlineData("ANTHROPIC_BASE_URL", "https://ai.example/?key=s3cret")]
    public void Setting_of_the_provider_that_is_not_accepted_is_told_without_what_is_secret(string name, string value)
    {
        var (settings, problems) = Load(Role.All, (name, value));

        settings.ShouldBeNull();
        var problem = problems.ShouldHaveSingleItem();
        problem.ShouldStartWith(name);
        problem.ShouldNotContain("s3cret");
        problem.ShouldNotContain("sk-with");
    }

    [Fact]
    public void Metrics_have_a_port_and_a_token_of_their_own_where_they_are_set()
    {
        Load(Role.All).Settings.ShouldNotBeNull().ShouldSatisfyAllConditions(
            settings => settings.MetricsPort.ShouldBeNull(), settings => settings.MetricsToken.ShouldBeNull());
        Load(Role.All, ("HOOKSTREAM_METRICS_PORT", "9464"), ("HOOKSTREAM_METRICS_TOKEN", "a-token-for-prometheus"))
            .Settings.ShouldNotBeNull().ShouldSatisfyAllConditions(
                settings => settings.MetricsPort.ShouldBe(9464), settings => settings.MetricsToken.ShouldBe("a-token-for-prometheus"));
        // There is nothing to listen on twice.
        Load(Role.All, ("PORT", "8000"), ("HOOKSTREAM_METRICS_PORT", "8000")).Settings.ShouldNotBeNull().MetricsPort.ShouldBeNull();
    }

    [Fact]
    public void Settings_of_metrics_that_are_not_accepted_are_told_together_and_without_what_is_secret()
    {
        var (settings, problems) = Load(Role.All, ("HOOKSTREAM_METRICS_PORT", "0"), ("HOOKSTREAM_METRICS_TOKEN", "s3cret"));

        settings.ShouldBeNull();
        problems.Count.ShouldBe(2);
        problems.ShouldContain(problem => problem.StartsWith("HOOKSTREAM_METRICS_PORT: '0'", StringComparison.Ordinal));
        problems.ShouldContain(problem => problem.StartsWith("HOOKSTREAM_METRICS_TOKEN: its value", StringComparison.Ordinal));
        problems.ShouldAllBe(problem => !problem.Contains("s3cret"));
    }

    [Theory]
    [InlineData("API_TOKEN")]
    [InlineData("HOOKSTREAM_ADMIN_TOKEN")]
    public void Token_for_metrics_is_no_other_token(string other)
    {
        var (_, problems) = Load(Role.All, (other, "the-same-token-twice"), ("HOOKSTREAM_METRICS_TOKEN", "the-same-token-twice"));

        problems.ShouldHaveSingleItem().ShouldStartWith("HOOKSTREAM_METRICS_TOKEN: it is the same as another token");
    }

    [Fact]
    public void Worker_needs_the_key_and_no_token()
    {
        var (settings, _) = Load(Role.Worker, ("DATABASE_URL", Url), ("HOOKSTREAM_ENCRYPTION_KEY", Key));

        settings.ShouldNotBeNull().Role.ShouldBe(Role.Worker);
    }

    [Fact]
    public void Migration_needs_the_database_alone()
    {
        var (settings, _) = Load(null, ("DATABASE_URL", Url));

        settings.ShouldNotBeNull().Database.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("api")]
    [InlineData("worker")]
    public void Role_of_its_own_needs_a_store_that_processes_share(string role)
    {
        var (settings, problems) = Load(RoleWords.All[role]);

        settings.ShouldBeNull();
        problems.ShouldHaveSingleItem().ShouldContain("set DATABASE_URL");
    }

    [Fact]
    public void Redis_without_PostgreSQL_is_refused()
    {
        var (settings, problems) = Load(Role.All, ("REDIS_URL", "redis://127.0.0.1:6379"));

        settings.ShouldBeNull();
        problems.ShouldHaveSingleItem().ShouldStartWith("REDIS_URL: it needs DATABASE_URL");
    }

    [Theory]
    [InlineData("REDIS_URL", "http://cache")]
    [InlineData("HOOKSTREAM_REDIS_PREFIX", "{hooks}")]
    public void Redis_that_cannot_be_meant_is_refused(string name, string value)
    {
        var (settings, problems) = Load(
            Role.Worker,
            ("DATABASE_URL", Url), ("HOOKSTREAM_ENCRYPTION_KEY", Key), (name, value), ("REDIS_URL", "redis://cache"));

        settings.ShouldBeNull();
        problems.ShouldHaveSingleItem().ShouldStartWith($"{name}: ");
    }

    [Fact]
    public void Redis_is_read()
    {
        var (settings, problems) = Load(
            Role.Worker,
            ("DATABASE_URL", Url), ("HOOKSTREAM_ENCRYPTION_KEY", Key), ("REDIS_URL", "rediss://:s3cret@cache:6380/2"));

        problems.ShouldBeEmpty();
        var redis = settings.ShouldNotBeNull().Redis.ShouldNotBeNull();
        redis.Server.Ssl.ShouldBeTrue();
        redis.Server.DefaultDatabase.ShouldBe(2);
        redis.Prefix.ShouldBe("hookstream");
    }

    [Fact]
    public void Database_that_is_no_url_is_refused_without_showing_its_password()
    {
        var (settings, problems) = Load(Role.All, ("DATABASE_URL", "mysql://app:s3cret@db.example/hookstream"));

        settings.ShouldBeNull();
        var problem = problems.Single(text => text.StartsWith("DATABASE_URL", StringComparison.Ordinal));
        problem.ShouldContain("postgresql://user:password@host:port/database");
        problem.ShouldNotContain("s3cret");
    }

    [Fact]
    public void Url_says_that_PgBouncer_is_in_between()
    {
        var (settings, _) = Load(
            Role.Worker, ("DATABASE_URL", Url + "&pgbouncer=true"), ("HOOKSTREAM_ENCRYPTION_KEY", Key));

        settings.ShouldNotBeNull().Database.ShouldNotBeNull().Listen.ShouldBeFalse();
    }

    [Theory]
    [InlineData(null, null, "127.0.0.0/8, ::1/128")]
    [InlineData("localhost", null, "127.0.0.0/8, ::1/128")]
    [InlineData("127.0.0.2", null, "127.0.0.0/8, ::1/128")]
    [InlineData("::1", null, "127.0.0.0/8, ::1/128")]
    [InlineData("0.0.0.0", null, "")]
    [InlineData("::", null, "")]
    [InlineData("10.0.0.5", null, "")]
    [InlineData(null, "", "")]
    [InlineData(null, " ", "")]
    [InlineData(null, "10.1.0.0/16, fd00:1::/64", "10.1.0.0/16, fd00:1::/64")]
    [InlineData("0.0.0.0", "127.0.0.0/8", "127.0.0.0/8")]
    public void Loopback_is_open_only_while_nobody_else_can_ask_for_it(string? host, string? networks, string opened)
    {
        var set = new List<(string, string)>();
        if (host is not null)
            set.Add(("HOOKSTREAM_HOST", host));
        if (networks is not null)
            set.Add(("HOOKSTREAM_ALLOWED_NETWORKS", networks));
        var (settings, problems) = Load(Role.All, [.. set]);

        problems.ShouldBeEmpty();
        string.Join(", ", settings.ShouldNotBeNull().Destinations.Addresses.Opened).ShouldBe(opened);
    }

    [Fact]
    public void Limits_on_urls_are_read()
    {
        var (settings, _) = Load(Role.All, ("HOOKSTREAM_HTTPS_ONLY", "true"), ("HOOKSTREAM_ALLOWED_PORTS", "8443, 443"));
        settings.ShouldNotBeNull().Destinations.HttpsOnly.ShouldBeTrue();
        settings.Destinations.AllowedPorts.ShouldBe([443, 8443]);

        var (unlimited, _) = Load(Role.All);
        unlimited.ShouldNotBeNull().Destinations.HttpsOnly.ShouldBeFalse();
        unlimited.Destinations.AllowedPorts.ShouldBeNull();
    }

    [Fact]
    public void Limits_that_cannot_be_meant_are_refused_all_at_once()
    {
        var (settings, problems) = Load(
            Role.All, ("HOOKSTREAM_HTTPS_ONLY", "yes"), ("HOOKSTREAM_ALLOWED_PORTS", "443,https"), ("HOOKSTREAM_ALLOWED_NETWORKS", "10/8"));

        settings.ShouldBeNull();
        problems.Select(problem => problem.Split(' ')[0])
            .ShouldBe(["HOOKSTREAM_HTTPS_ONLY:", "HOOKSTREAM_ALLOWED_PORTS:", "HOOKSTREAM_ALLOWED_NETWORKS:"]);
        problems.ShouldAllBe(problem => problem.Contains("is not accepted; accepted: ", StringComparison.Ordinal));
    }

    private static (Settings? Settings, IReadOnlyList<string> Problems) Load(Role? role, params (string Name, string Value)[] set)
    {
        var reader = new SettingsReader(new ConfigurationBuilder()
            .AddInMemoryCollection(set.DistinctBy(setting => setting.Name).Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)))
            .Build());
        return (SettingsLoader.Load(reader, role), reader.Problems);
    }
}
