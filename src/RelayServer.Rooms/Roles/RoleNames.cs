namespace RelayServer.Rooms;

/// <summary>The roles as people and tokens write them: <c>viewer</c>, <c>member</c>, <c>service</c>, <c>moderator</c>, <c>host</c>, <c>operator</c>, <c>none</c>.</summary>
public static class RoleNames
{
    private static readonly string[] Names = ["none", "viewer", "member", "service", "moderator", "host", "operator"];

    /// <summary>The name; a number for a role that there is not.</summary>
    public static string Of(Role role) =>
        (int)role < Names.Length ? Names[(int)role] : ((int)role).ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The role of a name, in small letters; false when there is none such.</summary>
    public static bool TryParse(string? name, out Role role)
    {
        int index = name is null ? -1 : Array.IndexOf(Names, name);
        role = index < 0 ? Role.None : (Role)index;
        return index >= 0;
    }
}
