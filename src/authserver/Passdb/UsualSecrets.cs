// Invariants of this file:
//  * Once the users have shown to be of one kind, remembering one more takes no lock and makes nothing new.
//  * Nobody waits for the sample but who is not there, and he only for the first one.
using Sasl.Credentials;
using Sasl.Credentials.Schemes;
using Sasl.Mechanisms;

namespace AuthServer.Passdb;

/// <summary>
/// What most users have stored, as far as it was seen: a user who is not there is made to cost the same, so that the time of an answer tells nobody who
/// exists.
/// </summary>
/// <param name="sampled">Told what was seen of each database before anybody asked.</param>
sealed class UsualSecrets(IEnumerable<IPassdb> passdbs, Action<IPassdb, IReadOnlyList<string>>? sampled = null)
{
    const int SampleSize = 64, FirstSample = 1000;

    /// <summary>Of what comes in a mixed store, so much is looked at.</summary>
    const int OneOf = 16;

    readonly Lock _gate = new();
    readonly Queue<Seen> _seen = new();
    Usual _usual = new(new("", null, 0, false, 0, 0), ~Bit(SecretKind.Cleartext), 0, 0, false, null, null);
    Task? _sampled;
    int _passed;

    /// <summary>What one user has: what a password costs, which keys there are besides, and their rounds.</summary>
    /// <param name="Setting">Null: what libcrypt makes for new users.</param>
    /// <param name="IsKeys">A password is compared with keys, as there is nothing else.</param>
    readonly record struct Seen(string Kind, string? Setting, long Memory, bool IsKeys, int Kinds, int Iterations)
    {
        public bool IsLike(in Seen other) => Kind == other.Kind && Kinds == other.Kinds && Iterations == other.Iterations;
    }

    /// <param name="Most">What a password costs with most of them.</param>
    /// <param name="KeyKinds">A bit for each kind of key that is more frequent than a cleartext password.</param>
    /// <param name="SeenKinds">A bit for each kind of key that was seen at all.</param>
    /// <param name="Iterations">Of most SCRAM keys; 0: there are none.</param>
    /// <param name="All">When a whole sample is like one: that one. There is nothing to learn from one more of them.</param>
    /// <param name="Prefix">How such a text begins, where that tells all of it (no costs, no keys); else null.</param>
    sealed record Usual(Seen Most, int KeyKinds, int SeenKinds, int Iterations, bool IsFull, Seen? All, string? Prefix);

    /// <summary>Rounds of most users' SCRAM keys, or 0.</summary>
    public int Iterations => Volatile.Read(ref _usual).Iterations;

    /// <summary>At least as many have keys of this kind as have a cleartext password.</summary>
    public bool HasKeys(SecretKind kind) => Volatile.Read(ref _usual) is var usual && (usual.SeenKinds & usual.KeyKinds & Bit(kind)) != 0;

    /// <summary>Begins to look at what the databases have.</summary>
    public Task BeginAsync(HashWorkers workers)
    {
        lock (_gate)
            return _sampled ??= workers.TryRun(Sample) ?? Task.CompletedTask;
    }

    public void Remember(IReadOnlyList<string> passwords)
    {
        if (passwords.Count == 0)
            return;
        var usual = Volatile.Read(ref _usual);
        if (passwords.Count == 1 && usual.Prefix is { } prefix && passwords[0].StartsWith(prefix, StringComparison.Ordinal))
            return;
        if (usual.IsFull && usual.All is null && Interlocked.Increment(ref _passed) % OneOf != 0)
            return;
        var seen = Look(passwords);
        if (usual.All is { } all && all.IsLike(seen))
            return;
        lock (_gate)
            Add(seen, passwords[0]);
    }

    /// <summary>Takes the time of a verification.</summary>
    public async ValueTask SpendAsync(ReadOnlyMemory<byte> password, HashWorkers hashing, CancellationToken stop)
    {
        var sampled = Volatile.Read(ref _sampled) ?? BeginAsync(hashing);
        if (!sampled.IsCompleted)
            await sampled.WaitAsync(stop);
        var most = Volatile.Read(ref _usual).Most;
        if (most.Setting != "")
            await (hashing.TryRun(() => Spend(password.Span, most.Setting ?? DummyHash.Usual), most.Memory, stop) ?? throw new HashingOverloadException());
    }

    /// <summary>The kind of secret that a decoy should be of: cleartext where that is what most have.</summary>
    public SecretKind Kind(SecretKind wanted) =>
        wanted == SecretKind.Otp || (Volatile.Read(ref _usual).KeyKinds & Bit(wanted)) != 0 ? wanted : SecretKind.Cleartext;

    static bool Spend(ReadOnlySpan<byte> password, string setting)
    {
        DummyHash.Spend(password, setting);
        return true;
    }

    static int Bit(SecretKind kind) => 1 << (int)kind;

    static Seen Look(IReadOnlyList<string> passwords)
    {
        var (kinds, iterations) = (0, 0);
        foreach (var text in passwords)
        {
            if (StoredPasswords.KindOf(text) is not { } kind)
                continue;
            kinds |= Bit(kind);
            if (iterations == 0 && kind is > SecretKind.Cleartext and <= SecretKind.ScramSha512)
                iterations = StoredPasswords.IterationsOf(text);
        }
        if (StoredPasswords.Decisive(passwords) is not { } decisive)
            return new("", "", 0, IsKeys: true, kinds, iterations);
        var (kindOfCost, setting, memory) = PasswordScheme.CostOf(decisive);
        return new(kindOfCost, setting, memory, StoredPasswords.KindOf(decisive) is not (null or SecretKind.Cleartext), kinds, iterations);
    }

    /// <summary>On a thread that may wait.</summary>
    bool Sample()
    {
        foreach (var passdb in passdbs)
        {
            var sample = passdb.Sample().Take(FirstSample).ToList();
            foreach (var stored in sample)
            {
                var seen = Look([stored]);
                lock (_gate)
                    Add(seen, stored);
            }
            sampled?.Invoke(passdb, sample);
        }
        // Made here, not for the first who asks.
        if (Volatile.Read(ref _usual).Most.Setting is null)
            _ = DummyHash.Usual;
        return true;
    }

    void Add(Seen seen, string text)
    {
        if (_seen.Count == SampleSize)
            _seen.Dequeue();
        _seen.Enqueue(seen);
        // Keys may be there beside a hash: then it is the hash that a password is compared with.
        var passwords = _seen.Any(s => !s.IsKeys) ? _seen.Where(s => !s.IsKeys) : _seen;
        var isFull = _seen.Count == SampleSize;
        var isAll = isFull && _seen.All(s => s.IsLike(seen));
        Volatile.Write(ref _usual, new(
            passwords.GroupBy(s => s.Kind).MaxBy(g => g.Count())!.Last(), KeyKinds(), _seen.Aggregate(0, (all, s) => all | s.Kinds),
            _seen.Where(s => s.Iterations > 0).GroupBy(s => s.Iterations).MaxBy(g => g.Count())?.Key ?? 0,
            isFull, isAll ? seen : null, isAll && seen.Setting == "" && text.StartsWith('{') ? text[..(text.IndexOf('}') + 1)] : null));
    }

    /// <summary>Keys of a kind win where at least as many have them as have a cleartext password: they are taken where both are there.</summary>
    int KeyKinds()
    {
        var cleartext = _seen.Count(s => (s.Kinds & Bit(SecretKind.Cleartext)) != 0);
        return Enum.GetValues<SecretKind>().Where(k => k != SecretKind.Cleartext && _seen.Count(s => (s.Kinds & Bit(k)) != 0) is var keys && (keys > 0 ? keys >= cleartext : cleartext == 0))
            .Aggregate(0, (all, kind) => all | Bit(kind));
    }
}
