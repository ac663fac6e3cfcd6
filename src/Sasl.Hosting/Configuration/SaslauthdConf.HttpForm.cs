namespace Sasl.Hosting.Configuration;

// -a httpform: the first four are Cyrus', who does not document them.
public static partial class SaslauthdConf
{
    public static readonly Setting HttpformHost = Text("httpform_host", "localhost",
        "The web server: a name or an address.", s => s with { Check = HostProblem });

    public static readonly Setting HttpformPort = Number("httpform_port", "80",
        "Its port; 443 when httpform_tls is yes.",
        s => s with { Minimum = 1, Maximum = 65535, Compute = settings => settings.Boolean(HttpformTls!) ? "443" : "80" });

    public static readonly Setting HttpformUri = Text("httpform_uri", "",
        "The path that is posted to, with its query. Must be set for httpform.", s => s with { Check = PathProblem });

    public static readonly Setting HttpformData = Text("httpform_data", "",
        "What is posted: %u login, %p password, %r realm, %s service, %a the client's address, %% a percent sign; the values are escaped. Must be set for httpform.",
        s => s with { Check = TokenProblem });

    public static readonly Setting HttpformFormat = Text("httpform_format", "form",
        "What httpform_data is, which decides how values are escaped: form (percent signs) or json (within its strings).", s => s with { Choices = ["form", "json"] });

    public static readonly Setting HttpformAuthorization = Text("httpform_authorization", "",
        "The Authorization field by which saslauthd proves itself to the service: \"Bearer …\" or \"Basic …\".", s => s with { IsSecret = true, Check = FieldProblem });

    public static readonly Setting HttpformTls = YesNo("httpform_tls", "no",
        "https in place of http.");

    public static readonly Setting HttpformCaFile = Text("httpform_ca_file", "",
        "PEM file of the only authorities that are trusted; empty: the system's.");

    public static readonly Setting HttpformVerify = YesNo("httpform_verify", "yes",
        "Whether the server's certificate must be good and of the name httpform_host.");

    public static readonly Setting HttpformMinProtocol = Text("httpform_min_protocol", "TLSv1.2",
        "The oldest TLS that is taken.", s => s with { Choices = ["TLSv1.2", "TLSv1.3"] });

    public static readonly Setting HttpformTimeout = Time("httpform_timeout", "25s",
        "How long one request may take, from the connection to the reply.", s => s with { Minimum = 1, Maximum = 3600 });

    static string? HostProblem(string value) =>
        value.Any(c => "/ \t@?#[]".Contains(c)) ? $"{value} is no host name (the port is httpform_port, the path httpform_uri)" : null;

    static string? PathProblem(string value) =>
        !value.StartsWith('/') ? $"{value} does not begin with /"
        : value.Any(c => c is <= ' ' or '#' or > '~') ? "a path has no blanks, no # and ASCII only: write %20, %23, …"
        : null;

    static string? TokenProblem(string value)
    {
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] != '%')
                continue;
            i++;
            if (i == value.Length || !"uprsa%".Contains(value[i]))
                return $"unknown token %{(i < value.Length ? value[i] : "")} (known: %u %p %r %s %a; a percent sign is %%)";
        }
        return null;
    }

    static string? FieldProblem(string value) => value.Any(c => c is < ' ' or > '~') ? "only printable ASCII" : null;
}
