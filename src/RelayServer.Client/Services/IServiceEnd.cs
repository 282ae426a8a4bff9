using RelayServer.Protocol;

namespace RelayServer.Client.Services;

/// <summary>What a connection tells the service that speaks through it.</summary>
internal interface IServiceEnd
{
    /// <summary>A connection is up and has been sent nothing.</summary>
    void Connected(bool hasServices);

    /// <summary>The connection is gone, and with it the registration and every call that came over it.</summary>
    void Disconnected();

    /// <summary>The client has ended.</summary>
    void Fail(Exception failure);

    /// <summary>The relay counts this session among the instances.</summary>
    void TakeRegistered();

    /// <summary>The relay has refused a REGISTER, or else a RETURN.</summary>
    void TakeRefusal(bool isOfRegister, RelayException refusal);

    /// <summary>A command is to be done.</summary>
    void TakeCall(in CallBody call);
}
