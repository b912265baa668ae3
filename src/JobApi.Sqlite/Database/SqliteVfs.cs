using System.Runtime.InteropServices;

namespace JobApi.Sqlite.Database;

/// <summary>SQLite's <c>sqlite3_vfs</c>: how files are opened.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct SqliteVfs
{
    public int Version, FileSize, MaxPath;
    public SqliteVfs* Next;
    public byte* Name;
    public void* Data;
    public delegate* unmanaged[Cdecl]<SqliteVfs*, byte*, SqliteFile*, int, int*, int> Open;
    public fixed long Rest[15];
}

/// <summary>SQLite's <c>sqlite3_file</c>: an open file.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct SqliteFile
{
    public SqliteFileMethods* Methods;
}

/// <summary>SQLite's <c>sqlite3_io_methods</c>: what is done with an open file.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct SqliteFileMethods
{
    public int Version;
    public delegate* unmanaged[Cdecl]<SqliteFile*, int> Close;
    public delegate* unmanaged[Cdecl]<SqliteFile*, void*, int, long, int> Read;
    public delegate* unmanaged[Cdecl]<SqliteFile*, void*, int, long, int> Write;
    public void* Truncate;
    public delegate* unmanaged[Cdecl]<SqliteFile*, int, int> Sync;
    public fixed long Rest[13];
}
