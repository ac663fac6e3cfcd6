// Invariants of this file:
//  * A request is stepped by one task at a time: whoever moved it from Waiting to Working.
//  * What a cancelled or timed-out request would still have said is not said.
//  * A channel binding is what the front end answers when it was asked; nothing that a client sends can become one (CVE-2026-33603).
using System.Security.Cryptography;
using AuthServer.Composition;
using AuthServer.Logins;
using Microsoft.Extensions.Logging;
using Sasl.Credentials;
using Sasl.Mechanisms;
using Sasl.Protocols.DovecotAuth;

namespace AuthServer.Client;

/// <summary>A login that is kept for the supervisor's REQUEST.</summary>
sealed record FinishedLogin(LoginFacts Login, string Mechanism, long At);

/// <summary>One AUTH under way. Its steps return the line to send, or null when nobody wants one any more.</summary>
sealed class AuthRequest : IDisposable
{
    const int Working = 0, Waiting = 1, Asking = 2, Ended = 3;

    static readonly string _machine = Environment.MachineName;

    readonly ClientCommand.Auth _command;
    readonly LoginOrigin _origin;
    readonly LoginCredentials _credentials;
    readonly SaslServerSession _session;
    readonly AuthHost _host;
    readonly ClientConnection _client;
    readonly Explanation? _explanation;
    SaslOutcome.Success? _success;
    TaskCompletionSource<byte[]?>? _binding;
    int _phase = Working;

    public AuthRequest(ClientCommand.Auth command, LoginOrigin origin, SaslMechanism mechanism, AuthHost host, ClientConnection client)
    {
        (_command, _origin, _host, _client) = (command, origin, host, client);
        _explanation = command.Has("debug") ? new() : null;
        _credentials = host.CredentialsFor(_origin, _explanation);
        _session = new(mechanism, _credentials, Channel(), host.Sasl.For(_origin));
        Started = host.Time.GetTimestamp();
    }

    public long Started { get; }

    public bool IsNoLogin => _command.Has("nologin");

    /// <summary>The login to keep, once the request has ended well.</summary>
    public FinishedLogin? Finished { get; private set; }

    /// <summary>It has ended without a verdict: nobody could tell whether the secret was right.</summary>
    public bool HasNoVerdict { get; private set; }

    public bool HasEnded => Volatile.Read(ref _phase) == Ended;

    public Task<byte[]?> BeginAsync(CancellationToken stop) => StepAsync(_command.Initial.Bytes, stop);

    /// <summary>True when the server is waiting for a CONT: the caller then owns the next step.</summary>
    public bool TryContinue() => TryMove(Waiting, Working);

    public async Task<byte[]?> ContinueAsync(byte[] data, CancellationToken stop)
    {
        if (_success is not { } success)
            return await StepAsync(data, stop);
        // The client has seen the server's final data and has nothing to say to it: now it is OK.
        return data.Length == 0 ? Succeed(success, null)
            : await RefuseAsync(SaslOutcome.Malformed("data after the final challenge", success.AuthenticationId), _host.Time.GetTimestamp(), stop);
    }

    /// <summary>Takes the front end's answer to a question for a channel binding, null when it has none. False when it was not asked.</summary>
    public bool TryBind(byte[]? binding)
    {
        if (_binding is not { } asked || !TryMove(Asking, Working))
            return false;
        asked.SetResult(binding);
        return true;
    }

    /// <summary>The client has its answer.</summary>
    public void Answered()
    {
        if (Finished is { Login: var login })
            _host.Passdbs.Answered(login);
    }

    /// <summary>Gives the request up.</summary>
    public void Dispose()
    {
        // What a finished login has left to be done is done after the answer.
        if (Finished is null && _credentials.Login is { Upgrade: { } upgrade } login)
        {
            login.Upgrade = null;
            upgrade.Dispose();
        }
        Volatile.Write(ref _phase, Ended);
        // Who went when he had seen the server's proof knows the password, and is not to pass unseen.
        if (_success is { } success)
            Decide(success, "the client went when its password was proven");
        _credentials.Abandon();
        _session.Dispose();
    }

    ReplyForm Form => new(_client.Minor, _client.IsDraining && _command.Has(AuthParameters.Draining));

    async Task<byte[]?> StepAsync(byte[]? data, CancellationToken stop)
    {
        var began = _host.Time.GetTimestamp();
        var step = await AskMechanismAsync(data, stop);
        // The user of the session is called as the databases call him, however the client has spelled him.
        if (step.Outcome is SaslOutcome.Success spelled && _credentials.Login is { } known)
            step = step with { Outcome = spelled with { AuthorizationId = known.User } };
        switch (step.Outcome)
        {
            case null:
                return TryMove(Working, Waiting) ? ClientReplies.Continue(_command.Id, step.Message, Form) : null;
            case SaslOutcome.Success refused when _credentials.Refuse(refused) is { } why:
                return await RefuseAsync(why, began, stop);
            case SaslOutcome.Success { FinalData: { } final } success when !_command.Has("final-resp-ok"):
                // Postfix and Exim cannot carry data with the success: one more round, as Dovecot does it.
                _success = success;
                return TryMove(Working, Waiting) ? ClientReplies.Continue(_command.Id, final, Form) : null;
            case SaslOutcome.Success success:
                await DelayAsync(LoginDelay.Of(_credentials.Login, _host.Time.GetUtcNow()), began, stop);
                return Succeed(success, success.FinalData);
            case SaslOutcome.Failure failure:
                return await RefuseAsync(failure, began, stop);
            default:
                throw new InvalidOperationException("an outcome is success or failure");
        }
    }

    async Task<SaslStep> AskMechanismAsync(byte[]? data, CancellationToken stop)
    {
        using var late = new CancellationTokenSource();
        try
        {
            var step = _session.StepAsync(data, late.Token);
            // Most steps are over by now; an alarm is set for the others only.
            if (step.IsCompletedSuccessfully)
                return _host.Sasl.Named(step.Result);
            late.CancelAfter(AuthHost.LongestStep);
            using var gone = stop.UnsafeRegister(static l => ((CancellationTokenSource)l!).Cancel(), late);
            return _host.Sasl.Named(await step);
        }
        catch (OperationCanceledException)
        {
            // A client that has gone is nobody's failure.
            if (!stop.IsCancellationRequested)
                _host.LogNoVerdict(_origin, _credentials.GivenName);
            return new(null, new SaslOutcome.Failure(FailureKind.Temporary, "no verdict in time", _credentials.GivenName));
        }
        finally
        {
            // A front end that was asked and did not answer in time is not waited for any more.
            TryMove(Asking, Working);
            CryptographicOperations.ZeroMemory(data);
        }
    }

    async ValueTask<byte[]?> AskBindingAsync(string type, CancellationToken stop)
    {
        var asked = new TaskCompletionSource<byte[]?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _binding = asked;
        if (!TryMove(Working, Asking))
            return null;
        _client.Send(ClientReplies.AskBinding(_command.Id, type));
        return await asked.Task.WaitAsync(stop);
    }

    byte[]? Succeed(SaslOutcome.Success success, byte[]? finalData)
    {
        var login = LoginOf(success);
        login.User = success.AuthorizationId;
        Finished = new(login, _session.Mechanism.Name, _host.Time.GetTimestamp());
        if (!TryMove(Working, Ended))
            return null;
        Decide(success, "");
        if (_host.Log.IsEnabled(LogLevel.Debug))
            _host.Log.Succeeded(_origin.Who(success.AuthorizationId), _session.Mechanism.Name);
        Explain("succeeded");
        AuthServerMetrics.Succeeded(_session.Mechanism);
        return ClientReplies.Ok(_command.Id, success, login, _credentials.GivenName, finalData, Form);
    }

    /// <summary>A mechanism without a look-up (ANONYMOUS) has no facts yet.</summary>
    LoginFacts LoginOf(SaslOutcome.Success success) => _credentials.Login ?? new(success.AuthenticationId, success.AuthorizationId, _origin);

    void Decide(SaslOutcome.Success success, string reason)
    {
        _credentials.Proven(success.Secret);
        _credentials.Decided(new(LoginOf(success), _origin, success.AuthorizationId, null, reason, _host.Time.GetElapsedTime(Started)));
    }

    /// <summary>
    /// A refusal comes late, so that guessing is slow; never so late that a Postfix (10 s) gives up on us. Nothing but a timer is held
    /// meanwhile. An internal failure is nobody's guess and comes at once.
    /// </summary>
    async Task<byte[]?> RefuseAsync(SaslOutcome.Failure failure, long began, CancellationToken stop)
    {
        HasNoVerdict = failure.Kind == FailureKind.Temporary;
        AuthServerMetrics.Failed(_session.Mechanism, failure.Kind);
        Explain(failure.Reason);
        _credentials.Decided(new(_credentials.Login, _origin, failure.AuthenticationId ?? _credentials.GivenName, failure.Kind, failure.Reason, _host.Time.GetElapsedTime(Started)));
        var isAtOnce = failure.Kind == FailureKind.Temporary || _credentials.Login?.Fields["nodelay"] is not null;
        var until = LoginDelay.Of(_credentials.Login, _host.Time.GetUtcNow());
        await DelayAsync(isAtOnce || until > _host.FailureDelay ? until : _host.FailureDelay, began, stop);
        return TryMove(Working, Ended) ? ClientReplies.Fail(_command.Id, failure, _credentials.Login, Form) : null;
    }

    /// <summary>Never longer than there is room for.</summary>
    async ValueTask DelayAsync(TimeSpan delay, long began, CancellationToken stop)
    {
        if (delay <= TimeSpan.Zero)
            return;
        var room = AuthHost.LongestAnswer - _host.Time.GetElapsedTime(began);
        delay = delay < room ? delay : room;
        if (delay > TimeSpan.Zero)
            await Task.Delay(delay, _host.Time, stop);
    }

    /// <summary>"debug" in the request: the steps of this one login are logged, whatever is logged of the others.</summary>
    void Explain(string end)
    {
        if (_explanation is null)
            return;
        foreach (var step in _explanation.Steps)
            _host.Log.Explained(_origin.Who(_credentials.GivenName), step);
        _host.Log.Explained(_origin.Who(_credentials.GivenName), end);
    }

    SaslChannel Channel() => new()
    {
        Service = _origin.Service, HostName = _origin["local_name"] ?? _machine, IsEncrypted = _origin.IsSecured,
        ExternalId = _host.Certificates.UserOf(_origin),
        // Where mechanisms with a binding were on offer "y" is a lie (RFC 5802 §6); where none was, there is nothing to bind to.
        Bindings = _client.Minor >= AuthVersion.ChannelBindings && _origin.IsTls && _host.Greeting.HasBindings && !_command.Has(AuthParameters.Unbound)
            ? new FrontEndBindings(AskBindingAsync) : null,
    };

    bool TryMove(int from, int to) => Interlocked.CompareExchange(ref _phase, to, from) == from;
}
