namespace RelayServer.Client;

/// <summary>Where one membership stands on the present connection.</summary>
internal enum MembershipState
{
    /// <summary>JOIN is not sent: there is no connection, or the relay asked to wait.</summary>
    Waiting,

    /// <summary>JOIN is sent.</summary>
    Joining,

    /// <summary>Deliveries are taken.</summary>
    Joined,

    /// <summary>The reader stalled: deliveries are passed over until it has made room.</summary>
    PassedOver,

    /// <summary>The reader has made room: LEAVE is sent, and a JOIN from where it stands follows.</summary>
    Rejoining,

    /// <summary>LEAVE is sent for good.</summary>
    Leaving,

    /// <summary>No longer a member.</summary>
    Ended,
}
