using System.Runtime.CompilerServices;

namespace AuthServer.Defence;

/// <summary>Room for all limits that can hold for one login.</summary>
[InlineArray(Most)]
struct Limits
{
    public const int Most = 6;

    Limit _first;
}
