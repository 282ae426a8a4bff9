namespace RelayServer.Master.Channels;

/// <summary>Names a producer. Producer ids are chosen by clients: only with its user an id is somebody.</summary>
internal readonly record struct ProducerKey(byte[] UserId, ulong ProducerId);
