namespace Sasl.Credentials;

/// <summary>
/// The steps of one decision, for an administrator who asks why (testsaslauthd --explain): what was looked up where, which rule applied. Never a
/// password, a hash or a key. A query carries one only when it is asked for: "query.Explanation?.Add(…)".
/// </summary>
public sealed class Explanation
{
    const int MostSteps = 64, LongestStep = 500;

    readonly List<string> _steps = [];

    public IReadOnlyList<string> Steps => _steps;

    /// <summary>One line. What does not fit is cut; steps beyond the bound are left out.</summary>
    public void Add(string step)
    {
        if (_steps.Count < MostSteps)
            _steps.Add(step.Length <= LongestStep ? step : step[..LongestStep]);
    }
}
