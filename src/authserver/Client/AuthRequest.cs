// Invariants of this file:
//  * A request is stepped by one task at a time: whoever moved it from Waiting to Working.
//  * What a cancelled or timed-out request would still have said is not said.
using System.Security.Cryptography;
using AuthServer.Composition;
using AuthServer.Logins;
using Sasl.Mechanisms;
using Sasl.Protocols.DovecotAuth;

namespace AuthServer.Client;

/// <summary>A login that is kept for the supervisor's REQUEST.</summary>
sealed record FinishedLogin(LoginFacts Login, string Mechanism, long At);

/// <summary>One AUTH under way. Its steps return the line to send, or null when nobody wants one any more.</summary>
sealed class AuthRequest : IDisposable
{
    const int Working = 0, Waiting = 1, Ended = 2;

    readonly ClientCommand.Auth _command;
    readonly LoginOrigin _origin;
    readonly LoginCredentials _credentials;
    readonly SaslServerSession _session;
    readonly AuthHost _host;
    SaslOutcome.Success? _success;
    int _phase = Working;

    public AuthRequest(ClientCommand.Auth command, SaslMechanism mechanism, AuthHost host)
    {
        (_command, _host) = (command, host);
        _origin = LoginOrigin.Of(command);
        _credentials = host.CredentialsFor(_origin);
        _session = new(mechanism, _credentials, ChannelOf(_origin), host.Sasl);
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

    /// <summary>Gives the request up.</summary>
    public void Dispose()
    {
        Volatile.Write(ref _phase, Ended);
        _session.Dispose();
    }

    async Task<byte[]?> StepAsync(byte[]? data, CancellationToken stop)
    {
        var began = _host.Time.GetTimestamp();
        var step = await AskMechanismAsync(data, stop);
        switch (step.Outcome)
        {
            case null:
                return TryMove(Working, Waiting) ? ClientReplies.Continue(_command.Id, step.Message) : null;
            case SaslOutcome.Success refused when _credentials.Refuse(refused) is { } why:
                return await RefuseAsync(why, began, stop);
            case SaslOutcome.Success { FinalData: { } final } success when !_command.Has("final-resp-ok"):
                // Postfix and Exim cannot carry data with the success: one more round, as Dovecot does it.
                _success = success;
                return TryMove(Working, Waiting) ? ClientReplies.Continue(_command.Id, final) : null;
            case SaslOutcome.Success success:
                return Succeed(success, success.FinalData);
            case SaslOutcome.Failure failure:
                return await RefuseAsync(failure, began, stop);
            default:
                throw new InvalidOperationException("an outcome is success or failure");
        }
    }

    async Task<SaslStep> AskMechanismAsync(byte[]? data, CancellationToken stop)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(stop);
        late.CancelAfter(AuthHost.LongestStep);
        try
        {
            return await _session.StepAsync(data, late.Token);
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
            CryptographicOperations.ZeroMemory(data);
        }
    }

    byte[]? Succeed(SaslOutcome.Success success, byte[]? finalData)
    {
        // A mechanism without a look-up (ANONYMOUS) has no facts yet.
        var login = _credentials.Login ?? new(success.AuthenticationId, success.AuthorizationId, _origin);
        login.User = success.AuthorizationId;
        Finished = new(login, _session.Mechanism.Name, _host.Time.GetTimestamp());
        if (!TryMove(Working, Ended))
            return null;
        _credentials.Decided(new(login, _origin, success.AuthorizationId, null, "", _host.Time.GetElapsedTime(Started)));
        _host.Log.Succeeded(_origin.Who(success.AuthorizationId), _session.Mechanism.Name);
        AuthServerMetrics.Succeeded(_session.Mechanism);
        return ClientReplies.Ok(_command.Id, success, _credentials.GivenName, finalData);
    }

    /// <summary>
    /// A refusal comes late, so that guessing is slow; never so late that a Postfix (10 s) gives up on us. Nothing but a timer is held
    /// meanwhile. An internal failure is nobody's guess and comes at once.
    /// </summary>
    async Task<byte[]?> RefuseAsync(SaslOutcome.Failure failure, long began, CancellationToken stop)
    {
        HasNoVerdict = failure.Kind == FailureKind.Temporary;
        AuthServerMetrics.Failed(_session.Mechanism, failure.Kind);
        if (failure.Kind == FailureKind.MalformedMessage)
            _host.LogRefusal(_origin, failure);
        _credentials.Decided(new(_credentials.Login, _origin, failure.AuthenticationId ?? _credentials.GivenName, failure.Kind, failure.Reason, _host.Time.GetElapsedTime(Started)));
        var room = AuthHost.LongestAnswer - _host.Time.GetElapsedTime(began);
        var delay = failure.Kind == FailureKind.Temporary ? TimeSpan.Zero : _host.FailureDelay < room ? _host.FailureDelay : room;
        if (delay > TimeSpan.Zero)
            await Task.Delay(delay, _host.Time, stop);
        return TryMove(Working, Ended) ? ClientReplies.Fail(_command.Id, failure) : null;
    }

    static SaslChannel ChannelOf(LoginOrigin origin) => new()
    {
        Service = origin.Service, HostName = origin["local_name"] ?? Environment.MachineName, IsEncrypted = origin.IsSecured, ExternalId = origin.CertificateName,
    };

    bool TryMove(int from, int to) => Interlocked.CompareExchange(ref _phase, to, from) == from;
}
