using Npgsql;

namespace Hookstream.Storage.Postgres.Tests.Opening;

/// <summary>What <c>DATABASE_URL</c> may say, and what is said to one that cannot be read.</summary>
public sealed class DatabaseUrlTests
{
    [Fact]
    public void Whole_url_is_read()
    {
        var read = Read("postgresql://app:s%40cr%2Fet%3A%25@db.example:6543/web%20hooks?sslmode=verify-full&sslrootcert=%2Fetc%2Fca.pem");

        read.Host.ShouldBe("db.example");
        read.Port.ShouldBe(6543);
        read.Username.ShouldBe("app");
        read.Password.ShouldBe("s@cr/et:%");
        read.Database.ShouldBe("web hooks");
        read.SslMode.ShouldBe(SslMode.VerifyFull);
        read.RootCertificate.ShouldBe("/etc/ca.pem");
    }

    [Theory]
    [InlineData("postgres://127.0.0.1/hooks", "127.0.0.1")]
    [InlineData("POSTGRESQL://db/hooks", "db")]
    [InlineData("postgresql://[::1]/hooks", "::1")]
    [InlineData("postgresql://my_db-1/hooks", "my_db-1")]
    public void Short_url_gets_the_usual_port_and_no_user(string url, string host)
    {
        var read = Read(url);

        read.Host.ShouldBe(host);
        read.Port.ShouldBe(5432);
        read.Database.ShouldBe("hooks");
        read.Username.ShouldBeNull();
        read.Password.ShouldBeNull();
    }

    [Theory]
    [InlineData("disable", SslMode.Disable)]
    [InlineData("prefer", SslMode.Prefer)]
    [InlineData("require", SslMode.Require)]
    [InlineData("verify-ca", SslMode.VerifyCA)]
    public void Words_of_libpq_for_tls_are_read(string word, SslMode mode) =>
        Read($"postgresql://db/hooks?sslmode={word}").SslMode.ShouldBe(mode);

    [Theory]
    [InlineData("", true)]
    [InlineData("?pgbouncer=false", true)]
    [InlineData("?pgbouncer=true", false)]
    [InlineData("?sslmode=disable&pgbouncer=true", false)]
    public void Url_says_whether_anything_listens(string query, bool expected)
    {
        DatabaseUrl.TryParse($"postgresql://db/hooks{query}", out _, out var listen).ShouldBeTrue();

        listen.ShouldBe(expected);
    }

    [Theory]
    [InlineData("localhost:5432", "scheme")]
    [InlineData("hooks", "no URL")]
    [InlineData("mysql://app:s3cret@db/hooks", "scheme is 'mysql'")]
    [InlineData("postgresql:///hooks", "no host")]
    [InlineData("postgresql://app:s3cret@db", "no database")]
    [InlineData("postgresql://app:s3cret@db/", "no database")]
    [InlineData("postgresql://app:s3cret@db/hooks/more", "slash")]
    [InlineData("postgresql://app:s3cret#1@db/hooks", "")]
    [InlineData("postgresql://app:s3cret@db/hooks?sslmode=yes", "sslmode")]
    [InlineData("postgresql://app:s3cret@db/hooks?sslmode=1", "sslmode")]
    [InlineData("postgresql://app:s3cret@db/hooks?sslmode", "sslmode")]
    [InlineData("postgresql://app:s3cret@db/hooks?sslrootcert=", "sslrootcert")]
    [InlineData("postgresql://app:s3cret@db/hooks?pgbouncer=1", "pgbouncer")]
    [InlineData("postgresql://app:s3cret@db/hooks?connect_timeout=3", "not known: connect_timeout")]
    public void Url_that_cannot_be_read_is_told_why_and_its_password_is_not_repeated(string url, string reason)
    {
        DatabaseUrl.TryParse(url, out _, out _, out var problem).ShouldBeFalse();

        problem.ShouldNotBeNull().ShouldContain(reason);
        problem.ShouldNotContain("s3cret");
    }

    private static NpgsqlConnectionStringBuilder Read(string url)
    {
        DatabaseUrl.TryParse(url, out var connectionString, out _, out var problem).ShouldBeTrue(problem);
        return new NpgsqlConnectionStringBuilder(connectionString);
    }
}
