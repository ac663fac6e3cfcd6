using System.Net;

namespace MailServers.Smtp.Restrictions;

sealed class InvalidHelo : IRestriction
{
    public string Name => "reject_invalid_helo_hostname";

    public ValueTask<Verdict> CheckAsync(RestrictionContext context, CancellationToken stop)
    {
        if (context.HeloName is not { } name)
            return new(Verdict.Dunno);
        var rejected = $"{RejectCodes.Status(context.Settings.Codes.InvalidHostname, "5.2")} <{name}>: Helo command rejected:";
        if (name is ['[', .. var literal])
        {
            var address = literal.TrimEnd(']');
            if (address.StartsWith("IPv6:", StringComparison.OrdinalIgnoreCase))
                address = address[5..];
            return new(name.EndsWith(']') && IPAddress.TryParse(address, out _) ? Verdict.Dunno : Verdict.Refuse($"{rejected} invalid ip address"));
        }
        return new(FullyQualified.IsHostName(name) || IPAddress.TryParse(name, out _) && name.Count(c => c == '.') is 3 or 0 ? Verdict.Dunno : Verdict.Refuse($"{rejected} Invalid name"));
    }
}
