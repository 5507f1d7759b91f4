namespace NativeTrainer.Data;

/// <summary>
/// Collects the values of one column. Whole numbers and real ones become real, other kinds do not mix; nulls may come anywhere.
/// </summary>
internal sealed class ColumnBuilder(string name)
{
    private readonly List<bool> _isNull = [];
    private readonly List<int> _starts = [0]; // of lists
    private readonly List<int> _ints = [];
    private readonly List<float> _floats = [];
    private readonly List<string> _texts = []; // single ones, or those of lists
    private readonly List<long> _wholes = [];
    private readonly List<double> _reals = [];
    private FeatureKind _kind; // None until the first value, and while all lists are empty
    private bool _areLists;
    private bool _hasNulls;

    public string Name => name;

    public int Count => _isNull.Count;

    /// <summary>Adds a value.</summary>
    /// <exception cref="InvalidDataException">It is of another kind than those before.</exception>
    public void Add(Feature value, RowOrigin origin)
    {
        if (value.Kind == FeatureKind.None)
        {
            _isNull.Add(_hasNulls = true);
            if (_areLists) EndList();
            else if (_kind is not FeatureKind.None) AddEmpty();
            return;
        }
        if (_kind == FeatureKind.None && !_areLists) Begin(value);
        else if (value.IsList != _areLists) throw Mixed(value, origin);
        _isNull.Add(false);
        if (_areLists) AddList(value, origin);
        else AddSingle(value, origin);
    }

    public void AddNulls(int count)
    {
        for (var i = 0; i < count; i++) Add(default, default);
    }

    public DataColumn Build()
    {
        DataColumn values = _areLists
            ? _kind switch
            {
                FeatureKind.Floats => new FloatsColumn([.. _floats], [.. _starts]),
                FeatureKind.Texts => new TextsColumn([.. _texts], [.. _starts]),
                _ => new IntsColumn([.. _ints], [.. _starts]),
            }
            : _kind switch
            {
                FeatureKind.Float => new NumbersColumn([.. _reals], areWhole: false),
                FeatureKind.Int => new WholeNumbersColumn([.. _wholes]),
                FeatureKind.Bool => new BoolsColumn([.. _wholes]),
                FeatureKind.Text => new TextColumn(_texts),
                _ => new NullsColumn(),
            };
        return _hasNulls && values is not NullsColumn ? new NullableColumn(values, [.. _isNull]) : values;
    }

    // The first value says what the column holds; nulls that came before get places.
    private void Begin(Feature value)
    {
        _areLists = value.IsList;
        if (!_areLists) _kind = value.Kind;
        for (var i = 0; i < _isNull.Count; i++)
        {
            if (_areLists) EndList();
            else AddEmpty();
        }
    }

    private void AddEmpty()
    {
        if (_kind == FeatureKind.Text) _texts.Add("");
        else if (_kind == FeatureKind.Float) _reals.Add(0);
        else _wholes.Add(0);
    }

    private void AddSingle(Feature value, RowOrigin origin)
    {
        if (_kind == FeatureKind.Int && value.Kind == FeatureKind.Float)
        {
            foreach (var whole in _wholes) _reals.Add(whole);
            _kind = FeatureKind.Float;
        }
        if (_kind == FeatureKind.Float && value.Kind is FeatureKind.Int or FeatureKind.Float) _reals.Add(value.Number);
        else if (_kind != value.Kind) throw Mixed(value, origin);
        else if (_kind == FeatureKind.Text) _texts.Add(value.Text);
        else _wholes.Add(value.Int);
    }

    private void AddList(Feature value, RowOrigin origin)
    {
        if (value.Length > 0)
        {
            if (_kind == FeatureKind.None) _kind = value.Kind;
            if (_kind == FeatureKind.Ints && value.Kind == FeatureKind.Floats)
            {
                foreach (var whole in _ints) _floats.Add(whole);
                _kind = FeatureKind.Floats;
            }
            if (_kind == FeatureKind.Floats && value.Kind == FeatureKind.Ints)
            {
                foreach (var whole in value.Ints) _floats.Add(whole);
            }
            else if (_kind != value.Kind)
            {
                throw Mixed(value, origin);
            }
            else
            {
                if (_kind == FeatureKind.Ints) _ints.AddRange(value.Ints);
                else if (_kind == FeatureKind.Floats) _floats.AddRange(value.Floats);
                else _texts.AddRange(value.Texts);
            }
        }
        EndList();
    }

    private void EndList() => _starts.Add(_kind switch
    {
        FeatureKind.Floats => _floats.Count,
        FeatureKind.Texts => _texts.Count,
        _ => _ints.Count,
    });

    private InvalidDataException Mixed(Feature value, RowOrigin origin)
    {
        var found = value.Kind switch
        {
            FeatureKind.Text => $"the text \"{(value.Text.Length > 30 ? value.Text[..30] + "…" : value.Text)}\"",
            FeatureKind.Bool => value.Bool ? "true" : "false",
            FeatureKind.Int => value.Int.ToString(System.Globalization.CultureInfo.InvariantCulture),
            FeatureKind.Float => PythonText.Float(value.Number),
            FeatureKind.Texts => "a list of texts",
            _ => "a list of numbers",
        };
        var expected = _areLists ? (_kind == FeatureKind.Texts ? "a list of texts" : "a list of numbers") : _kind switch
        {
            FeatureKind.Text => "a text",
            FeatureKind.Bool => "true or false",
            _ => "a number",
        };
        return new InvalidDataException($"{origin} has {found} in {name}, expected {expected}, as in the first row");
    }
}
