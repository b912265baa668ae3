using System.Runtime.InteropServices;

namespace JobApi.Sqlite.Database;

/// <summary>
/// The calls that are made for every value of every statement and of every row, straight to the library: around each of them the driver's wrapper counts references and
/// changes the collector's mode, which costs more than the call. None of these waits for anything; the caller keeps the statement alive.
/// </summary>
internal static unsafe class Native
{
    private const string Library = "e_sqlite3";

    /// <summary>SQLITE_TRANSIENT: SQLite copies the bytes before it returns.</summary>
    private const nint Copied = -1;

    public static int Bind(nint statement, int index) => BindNull(statement, index);

    public static int Bind(nint statement, int index, long number) => BindNumber(statement, index, number);

    public static int BindText(nint statement, int index, ReadOnlySpan<byte> utf8)
    {
        fixed (byte* bytes = utf8)
        {
            return BindText(statement, index, bytes, utf8.Length, Copied);
        }
    }

    public static int BindBlob(nint statement, int index, ReadOnlySpan<byte> blob)
    {
        fixed (byte* bytes = blob)
        {
            return BindBlob(statement, index, bytes, blob.Length, Copied);
        }
    }

    /// <summary>The type of a column of the row at which a statement stands.</summary>
    [SuppressGCTransition]
    [DllImport(Library, EntryPoint = "sqlite3_column_type")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    public static extern int TypeOf(nint statement, int column);

    /// <summary>A column of the row at which a statement stands, as a number.</summary>
    [SuppressGCTransition]
    [DllImport(Library, EntryPoint = "sqlite3_column_int64")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    public static extern long Number(nint statement, int column);

    [SuppressGCTransition]
    [DllImport(Library, EntryPoint = "sqlite3_bind_null")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static extern int BindNull(nint statement, int index);

    [SuppressGCTransition]
    [DllImport(Library, EntryPoint = "sqlite3_bind_int64")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static extern int BindNumber(nint statement, int index, long number);

    [DllImport(Library, EntryPoint = "sqlite3_bind_text")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static extern int BindText(nint statement, int index, byte* utf8, int length, nint destructor);

    [DllImport(Library, EntryPoint = "sqlite3_bind_blob")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static extern int BindBlob(nint statement, int index, byte* bytes, int length, nint destructor);
}
