using AuthServer.Logins;
using CsCheck;
using Sasl.Mechanisms;

namespace AuthServer.Tests.Defence;

/// <summary>Whatever others do from other networks, in whatever order, finished, given up or left hanging: the owner of an account logs in.</summary>
public sealed class OwnerTests
{
    const string Laptop = "192.0.2.7", Telephone = "192.0.2.99";

    enum Act { Guess, GuessUnderWay, GuessBlind, Repeat, Spray, GiveUp, Settle, Own, Wait }

    /// <summary>What an attacker does, from where, with which of his passwords.</summary>
    static readonly Gen<(Act Act, int From, int Password)[]> _attacks =
        Gen.Select(Gen.Int[0, 8].Select(i => (Act)i), Gen.Int[0, 40], Gen.Int[0, 200]).Array[0, 400];

    [Fact]
    public void The_owner_is_never_locked_out_by_attackers_from_other_networks() =>
        _attacks.Sample(attacks => PlayAsync(attacks).GetAwaiter().GetResult(), iter: 300, threads: 1);

    static async Task PlayAsync((Act Act, int From, int Password)[] attacks)
    {
        var guesser = new Guesser();
        var hanging = new Queue<LoginFacts>();
        Assert.True(await guesser.TryAsync("alice", Laptop, "right", null));
        var turn = 0;
        foreach (var (act, from, password) in attacks)
        {
            var address = from % 3 == 0 ? $"2001:db8:{from:x}::{password:x}" : $"10.{from}.{password % 7}.{password % 200}";
            var login = Guesser.Login(act == Act.Own ? "mallory" : act == Act.Spray ? $"user{password}" : "alice", address, act == Act.GuessBlind ? "SCRAM-SHA-256" : "PLAIN");
            switch (act)
            {
                case Act.Guess or Act.Spray or Act.Repeat or Act.GuessBlind:
                    if (await guesser.Defence.AdmitAsync(login, act == Act.GuessBlind ? default : new byte[] { (byte)(act == Act.Repeat ? 1 : password + 2), 1 }, default) is null)
                        guesser.End(login, FailureKind.BadCredentials);
                    break;
                case Act.GuessUnderWay:
                    // He holds as many places as he gets, and never waits for one.
                    if (IsAdmittedAtOnce(guesser.AdmitAsync(login, $"hanging {hanging.Count} {turn}")))
                        hanging.Enqueue(login);
                    break;
                case Act.GiveUp when hanging.TryDequeue(out var gone):
                    guesser.Defence.Abandoned(gone);
                    break;
                case Act.Settle when hanging.TryDequeue(out var wrong):
                    guesser.End(wrong, FailureKind.BadCredentials);
                    break;
                case Act.Own:
                    await guesser.TryAsync("mallory", address, "mallorys", null);
                    break;
                case Act.Wait:
                    guesser.Time.Advance(TimeSpan.FromSeconds(password));
                    break;
            }
            if (++turn % 5 != 0)
                continue;
            // A telephone with an old password at the same house, over and over; a laptop with the right one, by every mechanism; one typing error.
            Assert.True(await guesser.TryAsync("alice", Telephone, "old password"));
            Assert.True(await guesser.TryAsync("alice", Laptop, $"rihgt{turn}"));
            Assert.True(await guesser.TryAsync("alice", Laptop, "right", null));
            Assert.True(await guesser.TryAsync("alice", Telephone, null, null, "SCRAM-SHA-256"));
        }

    }

    static bool IsAdmittedAtOnce(ValueTask<string?> admission) => admission is { IsCompletedSuccessfully: true, Result: null };
}
