namespace SideBySide;

/// <summary>Something that must not happen under load did: a wrong answer, a lost message, a server that does not come up.</summary>
sealed class BenchException(string message) : Exception(message);
