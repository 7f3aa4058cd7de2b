namespace Hookstream.Api.Tests.Subscribers;

/// <summary>URLs that somebody who wants into the operator's network would try, each of them to be refused.</summary>
internal static class HostileUrls
{
    private const string Forbidden = "url_forbidden";
    private const string Invalid = "validation_failed";

    /// <summary>The URL, and the code of its refusal.</summary>
    public static IEnumerable<(string Url, string Code)> All =>
    [
        .. Hosts(Forbidden, Literals), .. Hosts(Forbidden, Spellings), .. Hosts(Forbidden, LookAlikes), .. Hosts(Forbidden, Version6),
        .. Hosts(Forbidden, Names), .. Hosts(Invalid, Malformed), .. Whole.Select(url => (url, Invalid)),
        .. WholeForbidden.Select(url => (url, Forbidden)),
    ];

    private static readonly string[] Literals =
    [
        "0.0.0.0", "0.1.2.3", "10.0.0.0", "10.0.0.1", "10.255.255.255", "100.64.0.0", "100.100.100.200", "100.127.255.255",
        "127.0.0.1", "127.0.0.53", "127.255.255.255", "168.63.129.16", "169.254.0.1", "169.254.169.253", "169.254.169.254",
        "169.254.170.2", "172.16.0.1", "172.17.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.192", "192.0.2.1", "192.88.99.1",
        "192.168.0.1", "192.168.255.255", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1",
        "239.255.255.250", "240.0.0.1", "255.255.255.255",
    ];

    private static readonly string[] Spellings =
    [
        // decimal
        "0", "2130706433", "2852039166", "3232235521", "167772161", "4294967295",
        // hexadecimal
        "0x7f000001", "0x7F000001", "0X7f000001", "0xa9fea9fe", "0xA9.0xFE.0xA9.0xFE", "0x7f.0x0.0x0.0x1", "0x0000007f.1", "0x",
        "0x0", "0xc0a80001", "0x0a.0.0.1",
        // octal
        "017700000001", "0177.0.0.1", "0177.0000.0000.0001", "00000177.1", "0251.0376.0251.0376", "012.0.0.1", "0300.0250.0.1", "00",
        // short
        "127.1", "127.0.1", "10.1", "192.168.1", "172.16.1", "169.254.43518", "0.0", "127.65535", "127.16777215",
        // mixed
        "0x7f.1", "127.0x0.01", "0177.0x0.1", "169.0376.0xa9fe", "0xa9.254.0251.254", "127.0.0.0x1", "10.0x000001", "0x7f.00.0x0.01",
        // with the dot of an absolute name
        "127.0.0.1.", "2130706433.", "0x7f000001.", "127.1.", "0177.0.0.1.", "169.254.169.254.", "10.0.0.1.",
    ];

    private static readonly string[] LookAlikes =
    [
        "127。0。0。1", "127．0．0．1", "127｡0｡0｡1", "１２７.０.０.１", "１２７．０．０．１", "１27.0.0.1", "①②⑦.0.0.1", "①②⑦.⓪.⓪.①",
        "¹²⁷.0.0.1", "₁₂₇.0.0.1", "𝟏𝟐𝟕.0.0.1", "𝟣𝟤𝟩.𝟢.𝟢.𝟣", "١٢٧.0.0.1", "१२७.0.0.1", "２１３０７０６４３３", "０ｘ７ｆ０００００１",
        "169。254。169。254", "１６９.２５４.１６９.２５４", "127.0.0.1\u00AD", "127\u200B.0.0.1", "127.0.0\u2060.1", "127.0.0.1。",
        "ｌｏｃａｌｈｏｓｔ", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "𝐥𝐨𝐜𝐚𝐥𝐡𝐨𝐬𝐭", "local\u00ADhost", "local\u200Dhost", "localhost。", "a．localhost",
    ];

    private static readonly string[] Version6 =
    [
        "[::]", "[::1]", "[0:0:0:0:0:0:0:1]", "[0000:0000:0000:0000:0000:0000:0000:0001]", "[0::1]", "[::0.0.0.1]", "[::0:1]",
        "[::127.0.0.1]", "[::a9fe:a9fe]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::FFFF:7F00:0001]", "[0:0:0:0:0:ffff:127.0.0.1]",
        "[::ffff:169.254.169.254]", "[::ffff:a9fe:a9fe]", "[::ffff:10.0.0.1]", "[::ffff:8.8.8.8]", "[::ffff:0:127.0.0.1]",
        "[64:ff9b::127.0.0.1]", "[64:ff9b::a9fe:a9fe]", "[64:ff9b::8.8.8.8]", "[64:ff9b:1::1]", "[64:ff9b:1:fffe::10.0.0.1]",
        "[100::1]", "[2001::1]", "[2001:0:4136:e378:8000:63bf:80ff:fffe]", "[2001:2::1]", "[2001:10::1]", "[2001:20::1]",
        "[2001:db8::1]", "[2002:7f00:1::]", "[2002:a9fe:a9fe::1]", "[2002:0a00:0001::]", "[3fff::1]", "[5f00::1]",
        "[2a00:1450::5efe:7f00:1]", "[fc00::1]", "[fd00::1]", "[fd00:ec2::254]", "[fd20:ce::254]", "[fe80::1]", "[febf::1]",
        "[fec0::1]", "[feff::1]", "[ff02::1]", "[ff0e::1]",
    ];

    private static readonly string[] Names =
    [
        "localhost", "LOCALHOST", "LocalHost", "localhost.", "a.localhost", "a.b.c.localhost", "127.0.0.1.localhost", "localhost.localhost.",
    ];

    private static readonly string[] Malformed =
    [
        // What some resolver might take for an address.
        "127.0.0.256", "256.256.256.256", "127.0.0.08", "1.2.3.4.5", "4294967296", "0x1ffffffff", "99999999999", "example.1", "127.0.0.1.1",
        "example.com.0x7f000001", "[::1%lo]", "[::1%25lo]", "[fe80::1%eth0]", "[fe80::1%25eth0]", "[fd00::1%251]",
        // What only a lenient parser takes.
        "127..0.1", ".127.0.0.1", "127.0.0.1..", "%31%32%37.0.0.1", "127%2e0%2e0%2e1", "%6cocalhost", "127.0.0.1%00", "127.0.0.1%23",
        "127.0.0.1%2f.example.com", "[::1", "::1", "[::1]example.com", "[::1].example.com", "[127.0.0.1]", "[v1.::1]", "[::ffff:0177.0.0.1]",
        "127.0.0.1,example.com", "127.0.0.1;example.com", "example.com:80:80", "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:-1", "[::1]:x",
    ];

    private static readonly string[] Whole =
    [
        "http://user@example.com/", "http://user:password@example.com/", "http://@example.com/", "http://:@example.com/",
        "http://example.com@127.0.0.1/", "http://127.0.0.1@example.com/", "http://example.com:80@127.0.0.1/", "http://%40@example.com/",
        "http://a@b@127.0.0.1/", "http://example.com%2f@127.0.0.1/", "http://example.com#@127.0.0.1/", "http://127.0.0.1#.example.com/",
        "http://example.com\\@127.0.0.1/", "http://127.0.0.1\\.example.com/", "http:\\\\127.0.0.1\\", "http:/127.0.0.1/", "http:127.0.0.1",
        "http:///127.0.0.1/", "//127.0.0.1/", "/127.0.0.1", "127.0.0.1", "http://", "http://?127.0.0.1", "http:// 127.0.0.1/",
        "http://127.0.0.1 /", " http://127.0.0.1/", "http://127.0.\n0.1/", "http://127.0.0\t.1/", "http://127.0.0.1\r\nHost: a/",
        "http://example.com\u0000.127.0.0.1/", "https://example.com/ HTTP/1.1\r\nX: y", "ftp://127.0.0.1/", "file:///etc/passwd",
        "gopher://127.0.0.1:6379/_INFO", "dict://127.0.0.1:11211/", "ldap://127.0.0.1/", "javascript:alert(1)", "data:text/plain,x",
        "jar:http://127.0.0.1!/", "unix:///var/run/docker.sock", "http+unix://%2fvar%2frun%2fdocker.sock/", "ws://127.0.0.1/", "url:http://127.0.0.1/",
    ];

    private static readonly string[] WholeForbidden =
    [
        "HTTP://127.0.0.1/", "hTTps://127.0.0.1/", "http://127.0.0.1:80/", "https://127.0.0.1:443", "http://127.0.0.1:6379/x",
        "http://127.0.0.1:080/", "http://127.0.0.1:/", "http://127.0.0.1?q", "http://127.0.0.1/@example.com", "http://127.0.0.1/?u=@example.com",
        "http://169.254.169.254/latest/meta-data/iam/security-credentials/", "http://[::1]:3000/api/v1/keys", "http://[::1]?x",
        "http://localhost:3000/health", "http://localhost.:5432/", "https://10.0.0.1.:8443/../..//x", "http://127.0.0.1/%2e%2e/", "http://127.0.0.1/\u202E",
    ];

    private static IEnumerable<(string Url, string Code)> Hosts(string code, string[] hosts) =>
        hosts.Select(host => ($"http://{host}/hook", code));
}
