namespace RelayServer.Rooms;

/// <summary>What a service tells of.</summary>
/// <param name="Name">Its name, without the service's.</param>
/// <param name="Title">For people.</param>
/// <param name="IsOpen">Any subject may be chosen.</param>
/// <param name="Subjects">Those that are listed: their titles by their names, in the order of their bytes.</param>
public sealed record ProfileTopic(string Name, string Title, bool IsOpen, SortedList<string, string> Subjects)
{
    /// <summary>The first of these subjects that there is not; null when there are all.</summary>
    public string? FindUnknown(IEnumerable<string> subjects) => IsOpen ? null : subjects.FirstOrDefault(subject => !Subjects.ContainsKey(subject));
}
