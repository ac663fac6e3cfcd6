using System.Security.Cryptography;
using System.Text;

namespace Fuzz.Tests;

public sealed class DriverTests
{
    static readonly Target _refusesX = new("x", input => Check.That(!input.Contains((byte)'X'), "an X"), ["hello", "Xylophone"]);

    [Fact]
    public void The_same_seed_and_number_give_the_same_input()
    {
        var (one, two) = (new Mutator(["EHLO x\r\n"], 4096), new Mutator(["EHLO x\r\n"], 4096));
        for (var run = 0; run < 500; run++)
            Assert.Equal(one.Make(7, run), two.Make(7, run));
        Assert.NotEqual(one.Make(7, 100), one.Make(8, 100));
        // Written down once: another machine, another run of the program.
        Assert.Equal("AAB628E7", Convert.ToHexString(SHA256.HashData([.. Enumerable.Range(0, 100).SelectMany(run => one.Make(7, run))]))[..8]);
    }

    [Fact]
    public void No_input_is_longer_than_asked()
    {
        var mutator = new Mutator([new string('x', 200)], 300);
        Assert.All(Enumerable.Range(0, 2000), run => Assert.True(mutator.Make(1, run).Length <= 300));
    }

    [Fact]
    public void A_failure_is_found_and_shortened()
    {
        var failure = Driver.Run(_refusesX, 1, 0, 10);
        Assert.IsType<FlawException>(failure!.Exception);
        Assert.Equal("X", Encoding.ASCII.GetString(Driver.Shorten(_refusesX, failure)));
    }

    [Fact]
    public void Allocation_out_of_proportion_is_a_failure()
    {
        var quadratic = new Target("q", static input =>
        {
            for (var i = 0; i < input.Length; i++)
                GC.KeepAlive(new byte[input.Length]);
        }, []);
        Assert.Null(Driver.Once(quadratic, new byte[100]));
        Assert.Contains("are allowed", Driver.Once(quadratic, new byte[8000])!.Message);
    }
}
