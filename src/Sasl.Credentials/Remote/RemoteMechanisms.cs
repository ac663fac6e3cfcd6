using Sasl.Credentials.Remote.HttpForm;
using Sasl.Credentials.Remote.Imap;
using Sasl.Credentials.Remote.Smtp;
using Sasl.Hosting.Configuration;

namespace Sasl.Credentials.Remote;

/// <summary>The mechanisms that ask another server, made from what saslauthd was told; and what is wrong with that, before one is made.</summary>
public static class RemoteMechanisms
{
    const int Imap = 143, Imaps = 993;

    /// <summary>Null when rimap can be made. Whether the name resolves is not asked: it may later.</summary>
    public static string? RimapProblem(string? option) =>
        option is null ? "no server (-O HOST or HOST/PORT)" : RemoteAddress.TryParse(option, out _, out var problem) ? null : $"-O: {problem}";

    /// <summary>Null when imap or smtp can be made.</summary>
    public static string? UrlProblem(string mechanism, string? option) => RemoteUrl.TryParse(mechanism, option ?? "", out _, out var problem) ? null : problem;

    /// <summary>Null when httpform can be made.</summary>
    public static string? HttpFormProblem(Settings settings) =>
        settings.Text(SaslauthdConf.HttpformUri).Length == 0 ? "httpform_uri is not set"
        : settings.Text(SaslauthdConf.HttpformData).Length == 0 ? "httpform_data is not set"
        : HttpFormTemplate.Problem(settings.Text(SaslauthdConf.HttpformData), HttpFormRequest.IsJson(settings));

    /// <summary>FormatException or IOException with what is wrong.</summary>
    public static IPasswordSource Rimap(MechanismContext context)
    {
        Expect(RimapProblem(context.Option));
        _ = RemoteAddress.TryParse(context.Option!, out var address, out _);
        var settings = context.Settings;
        var tls = settings.Text(SaslauthdConf.RimapTls).ToLowerInvariant() switch { "yes" => RemoteTls.Implicit, "starttls" => RemoteTls.StartTls, _ => RemoteTls.Never };
        var trust = TlsTrust.Options(context, address.Host, SaslauthdConf.RimapCaFile, SaslauthdConf.RimapVerify, SaslauthdConf.RimapMinProtocol);
        var server = new RemoteServer("rimap", address.Host, address.Port ?? (tls == RemoteTls.Implicit ? Imaps : Imap), tls, trust, settings.Time(SaslauthdConf.RimapTimeout))
        {
            // As Cyrus has it; the log warns.
            AllowsPlaintext = true, PlaintextSetting = "rimap_tls",
        };
        return new RemoteSource(server, new ImapLogin(prefersSasl: false), context.Log);
    }

    /// <inheritdoc cref="Rimap"/>
    public static IPasswordSource ImapUrl(MechanismContext context) => ByUrl(context, "imap", new ImapLogin(prefersSasl: true));

    /// <inheritdoc cref="Rimap"/>
    public static IPasswordSource SmtpUrl(MechanismContext context) => ByUrl(context, "smtp", new SmtpLogin());

    /// <inheritdoc cref="Rimap"/>
    public static IPasswordSource HttpForm(MechanismContext context)
    {
        Expect(HttpFormProblem(context.Settings));
        var settings = context.Settings;
        var host = settings.Text(SaslauthdConf.HttpformHost);
        var trust = TlsTrust.Options(context, host, SaslauthdConf.HttpformCaFile, SaslauthdConf.HttpformVerify, SaslauthdConf.HttpformMinProtocol);
        var tls = settings.Boolean(SaslauthdConf.HttpformTls) ? RemoteTls.Implicit : RemoteTls.Never;
        var server = new RemoteServer("httpform", host, settings.Integer(SaslauthdConf.HttpformPort), tls, trust, settings.Time(SaslauthdConf.HttpformTimeout));
        return new HttpFormSource(server, HttpFormRequest.From(settings), HttpFormClient.Create(server, new(server, new(host), context.Log)));
    }

    static RemoteSource ByUrl(MechanismContext context, string mechanism, IRemoteLogin login)
    {
        Expect(UrlProblem(mechanism, context.Option));
        _ = RemoteUrl.TryParse(mechanism, context.Option!, out var url, out _);
        var settings = context.Settings;
        var trust = TlsTrust.Options(context, url.Host, SaslauthdConf.RemoteCaFile, SaslauthdConf.RemoteVerify, SaslauthdConf.RemoteMinProtocol);
        return new(new(mechanism, url.Host, url.Port, url.Tls, trust, settings.Time(SaslauthdConf.RemoteTimeout)) { AllowsPlaintext = settings.Boolean(SaslauthdConf.RemotePlaintext) },
            login, context.Log);
    }

    static void Expect(string? problem)
    {
        if (problem is not null)
            throw new FormatException(problem);
    }
}
