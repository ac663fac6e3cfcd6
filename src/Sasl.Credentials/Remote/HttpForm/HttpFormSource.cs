using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace Sasl.Credentials.Remote.HttpForm;

/// <summary>
/// Asks a web service: name and password in a POST, the verdict in the status. Connections are kept and used again. No redirection is followed, for the
/// password would go along; no proxy of the environment is asked.
/// </summary>
sealed class HttpFormSource(RemoteServer server, HttpFormRequest form, HttpMessageInvoker http) : IPasswordSource, IDisposable
{
    public string Name => server.Mechanism;

    public async ValueTask<Verdict> VerifyAsync(PasswordQuery query, CancellationToken stop)
    {
        if (query.User.Length == 0 || query.Password.IsEmpty)
            return new(VerdictKind.Refused, "empty login or password");
        if (query.User.Contains('\0') || query.Password.Span.Contains((byte)0))
            return new(VerdictKind.Refused, "NUL in login or password");
        if (form.Template.Fill(query) is not { } body)
            return new(VerdictKind.Refused, "login or password is no UTF-8, which JSON has no way to say");
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(server.Timeout);
        try
        {
            using var response = await http.SendAsync(Request(body), deadline.Token);
            query.Explanation?.Add($"{Name}: POST {form.Address}: {(int)response.StatusCode}");
            return Judge(response);
        }
        catch (HttpRequestException failure)
        {
            query.Explanation?.Add($"{Name}: POST {form.Address}: {failure.HttpRequestError}");
            return new(VerdictKind.Unavailable, Reason(failure));
        }
        catch (OperationCanceledException)
        {
            query.Explanation?.Add($"{Name}: POST {form.Address}: no answer in time");
            return stop.IsCancellationRequested ? Verdict.TimedOut : new(VerdictKind.Unavailable, RemoteTexts.Synchronizing);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(body.Span);
        }
    }

    public void Dispose() => http.Dispose();

    HttpRequestMessage Request(ReadOnlyMemory<byte> body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, form.Address)
        {
            Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new ReadOnlyMemoryContent(body),
        };
        request.Content.Headers.ContentType = form.ContentType;
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("saslauthd", null));
        if (form.Authorization.Length > 0)
            request.Headers.TryAddWithoutValidation("Authorization", form.Authorization);
        return request;
    }

    static Verdict Judge(HttpResponseMessage response) => response.StatusCode switch
    {
        HttpStatusCode.OK or HttpStatusCode.NoContent => RemoteTexts.Ok,
        // Cyrus shows what the service says of it.
        HttpStatusCode.Forbidden => new(VerdictKind.Refused, response.ReasonPhrase is { Length: > 0 } phrase ? RemoteTexts.Line(phrase) : RemoteTexts.Rejected),
        _ => new(VerdictKind.Unavailable, RemoteTexts.Unexpected),
    };

    static string Reason(HttpRequestException failure) => failure.HttpRequestError switch
    {
        HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError => (failure.InnerException as RemoteException)?.Message ?? RemoteTexts.NoContact,
        HttpRequestError.SecureConnectionError => $"{RemoteTexts.NoContact}: TLS: {RemoteTexts.Line(failure.InnerException?.Message ?? failure.Message)}",
        HttpRequestError.ResponseEnded => RemoteTexts.Synchronizing,
        _ => RemoteTexts.Unexpected,
    };
}
