using Sasl.Hosting.Unix;

namespace EndToEnd.Tests;

/// <summary>A test that makes accounts, so only root can run it; anybody else is told so.</summary>
public sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute()
    {
        if (!Identity.IsRoot)
            Skip = "needs root: it makes system accounts with useradd";
    }
}

/// <summary>As <see cref="RootFactAttribute"/>, with data.</summary>
public sealed class RootTheoryAttribute : TheoryAttribute
{
    public RootTheoryAttribute()
    {
        if (!Identity.IsRoot)
            Skip = "needs root: it makes system accounts with useradd";
    }
}
