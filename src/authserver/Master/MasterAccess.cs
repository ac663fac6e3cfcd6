using Sasl.Hosting.Unix;

namespace AuthServer.Master;

/// <summary>What a peer of a master or userdb socket may do.</summary>
/// <param name="MayRequest">REQUEST: the master socket only.</param>
/// <param name="OnlyUid">When set: USER alone, and only answers about this uid.</param>
sealed record MasterAccess(bool MayRequest, uint? OnlyUid)
{
    /// <summary>
    /// Dovecot's rule: a userdb socket of mode 0666 is open to everybody, so everybody learns about himself only; the owner's uid or
    /// group learns all. With any other mode the kernel's permission check was the whole check.
    /// </summary>
    public static MasterAccess For(bool isMaster, uint mode, uint ownerUid, uint ownerGid, PeerCredentials peer) =>
        isMaster ? new(true, null)
        : mode == 0x1B6 && peer.Uid != ownerUid && peer.Gid != ownerGid && peer.Uid != 0 ? new(false, peer.Uid)
        : new(false, null);
}
