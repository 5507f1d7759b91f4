namespace NativeTrainer.Data;

/// <summary>Rows of files, read while they are asked for.</summary>
internal sealed class FileStreamDataset : IFileStream
{
    private readonly IReadOnlyList<string> _files;
    private readonly FileRowsOptions _options;
    private readonly Lazy<IReadOnlyList<string>> _columns;

    public FileStreamDataset(IReadOnlyList<string> files, FileRowsOptions options)
    {
        (_files, _options) = (files, options);
        _columns = new(() => DatasetFiles.Read(_files[0], _options).First().Columns);
    }

    public long? Length => null;

    public IReadOnlyList<string> Columns => _columns.Value;

    public IEnumerable<DataRow> Rows(long epoch = 0) => Rows(epoch, null);

    public IEnumerable<DataRow> Rows(long epoch, NumpyGenerator? shuffle)
    {
        var files = _files.ToList();
        shuffle?.Shuffle(files);
        return files.SelectMany(file => DatasetFiles.Read(file, _options));
    }
}
