using System.Collections.Frozen;

namespace AuthServer.Master;

/// <summary>Every command, one line each. Those of Dovecot first, then our own, which no other auth server knows.</summary>
static class MasterVerbs
{
    static readonly FrozenDictionary<string, MasterVerb> _table = new MasterVerb[]
    {
        new("REQUEST", MasterRight.Master, RequestVerb.AnswerAsync),
        new("USER", MasterRight.Everybody, UserVerb.AnswerAsync),
        new("PASS", MasterRight.Trusted, PassVerb.AnswerAsync),
        new("LIST", MasterRight.Trusted, ListVerb.AnswerAsync),
        new("CACHE-FLUSH", MasterRight.Master, CacheVerbs.FlushAsync),
        new("CACHE-STATUS", MasterRight.Master, CacheVerbs.StatusAsync),
        new("EXPLAIN", MasterRight.Master, ExplainVerb.AnswerAsync),
        new("WHY", MasterRight.Master, DefenceVerbs.WhyAsync),
        new("UNBAN", MasterRight.Master, DefenceVerbs.UnbanAsync),
        new("SALTS", MasterRight.Master, SaltsVerb.AnswerAsync),
    }.ToFrozenDictionary(v => v.Name, StringComparer.Ordinal);

    public static MasterVerb? Find(string name) => _table.GetValueOrDefault(name);
}
