namespace NativeTrainer.Kernels.Cpu;

/// <summary>A number as a type: a kernel compiled for it has no trace of the rows that it lacks.</summary>
internal interface ITileRows
{
    static abstract int Count { get; }
}

internal readonly struct Rows1 : ITileRows { public static int Count => 1; }
internal readonly struct Rows2 : ITileRows { public static int Count => 2; }
internal readonly struct Rows3 : ITileRows { public static int Count => 3; }
internal readonly struct Rows4 : ITileRows { public static int Count => 4; }
internal readonly struct Rows5 : ITileRows { public static int Count => 5; }
internal readonly struct Rows6 : ITileRows { public static int Count => 6; }
internal readonly struct Rows7 : ITileRows { public static int Count => 7; }
internal readonly struct Rows8 : ITileRows { public static int Count => 8; }
internal readonly struct Rows9 : ITileRows { public static int Count => 9; }
internal readonly struct Rows10 : ITileRows { public static int Count => 10; }
internal readonly struct Rows11 : ITileRows { public static int Count => 11; }
internal readonly struct Rows12 : ITileRows { public static int Count => 12; }
