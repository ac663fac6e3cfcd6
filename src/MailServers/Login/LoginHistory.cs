namespace MailServers.Login;

/// <summary>What a client tried, for the one line that its session leaves in the log.</summary>
sealed class LoginHistory(TimeProvider time)
{
    readonly long _began = time.GetTimestamp();
    long _exchangeBegan;
    LoginRefusal? _last;
    int _attempts, _failures;
    bool _exchangePending;

    public string User { get; private set; } = "";

    public string Method { get; private set; } = "";

    /// <summary>Why the TLS handshake failed.</summary>
    public string TlsProblem { get; set; } = "";

    public void Begin(string user, string method)
    {
        (User, Method, _exchangePending, _exchangeBegan) = (user, method, true, time.GetTimestamp());
        _attempts++;
    }

    public void Succeeded(string user) => (User, _exchangePending, _last) = (user, false, null);

    public void Failed(string user, LoginRefusal refusal)
    {
        if (user.Length > 0)
            User = user;
        (_exchangePending, _last) = (false, refusal);
        if (refusal.IsAuthenticationFailure)
            _failures++;
    }

    /// <summary>The bracket of a Dovecot line. A session with a wrong password says so whatever it tried afterwards, so that it is counted.</summary>
    public string Summary()
    {
        var seconds = (int)time.GetElapsedTime(_began).TotalSeconds;
        if (_failures > 0)
            return $"auth failed, {_attempts} attempts in {seconds} secs";
        if (_attempts == 0)
            return $"no auth attempts in {seconds} secs";
        if (_exchangePending)
            return $"client didn't finish SASL auth, waited {(int)time.GetElapsedTime(_exchangeBegan).TotalSeconds} secs";
        return _last?.Kind switch
        {
            RefusalKind.Unavailable => "auth service reported temporary failure",
            RefusalKind.Disabled => "user disabled",
            RefusalKind.Expired => "password expired",
            RefusalKind.PrivacyRequired => "tried to use disallowed plaintext auth",
            RefusalKind.UnknownMechanism => "tried to use unsupported auth mechanism",
            RefusalKind.InvalidBase64 => "sent invalid base64 in response",
            RefusalKind.Aborted => "client aborted SASL auth",
            RefusalKind.TooLong => "sent too long SASL data",
            _ => $"internal failure, {_attempts} successful auths",
        };
    }
}
