namespace Sasl.Hosting.Logging;

/// <summary>The names by which configuration files call syslog facilities.</summary>
public static class Facilities
{
    /// <summary>The facility of a name that the configuration has checked.</summary>
    public static Facility Parse(string name) => Enum.TryParse<Facility>(name, ignoreCase: true, out var facility) ? facility : Facility.Auth;
}
