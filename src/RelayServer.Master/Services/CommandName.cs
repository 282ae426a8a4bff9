namespace RelayServer.Master.Services;

/// <summary>Names a command for ever.</summary>
/// <param name="User">Who gave it.</param>
/// <param name="ProducerId">As the client chose it.</param>
/// <param name="Number">As the client chose it.</param>
internal readonly record struct CommandName(string User, ulong ProducerId, ulong Number);
