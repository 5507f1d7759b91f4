using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>
/// The matrix product with torch.matmul's rules. Gradients: g · rightᵀ and leftᵀ · g, summed where an operand was repeated.
/// </summary>
public static class MatMulOperation
{
    extension(Tensor input)
    {
        /// <summary>
        /// Matrices are the last two axes, the axes before them a batch that broadcasts. A vector on the left is a row, on the right a
        /// column, and its axis is missing in the result; two vectors give a scalar.
        /// </summary>
        /// <exception cref="ArgumentException">
        /// The inner sizes differ, batches do not broadcast, dtypes or devices differ, or an operand is a scalar.
        /// </exception>
        public Tensor MatMul(Tensor other)
        {
            (input, other) = (Autocast.Lower(input), Autocast.Lower(other));
            Check.SameKind("MatMul", input, other);
            Check.Floating("MatMul", input);
            if (input.Rank == 0 || other.Rank == 0)
            {
                throw new ArgumentException($"MatMul: operands are vectors or more, found {input.Shape} and {other.Shape}");
            }
            var product = new MatrixProduct(input, other);
            var output = Tensor.Empty(product.Result, input.DType, input.Device);
            Backend.For(output).MatMul(product.Left, product.Right, Views.Reshape(output, product.Computed));
            Tape.Record<MatMulBackward>(output, input, other)?.Save(input, other);
            return output;
        }
    }
}

internal sealed class MatMulBackward : Node
{
    protected internal override void Backward()
    {
        Tensor left = Saved(0), right = Saved(1);
        var product = new MatrixProduct(left, right);
        var gradient = Views.Reshape(Gradient, product.Computed);
        if (Needs(0)) Factor(0, left, product.Left.Shape, gradient, MatrixProduct.Transposed(product.Right));
        if (Needs(1)) Factor(1, right, product.Right.Shape, MatrixProduct.Transposed(product.Left), gradient);
    }

    // The gradient of one operand, a · b, which the forward pass has seen under another shape or repeated along a batch.
    private void Factor(int input, Tensor operand, Shape seen, Tensor a, Tensor b)
    {
        var repeated = operand.ElementCount != seen.ElementCount;
        if (!repeated && TryGetBuffer(input, out var buffer) && buffer.IsContiguous)
        {
            Backend.For(buffer).MatMul(a, b, Views.Reshape(buffer, seen), beta: 1);
            return;
        }
        var full = Tensor.Empty(seen, operand.DType, operand.Device);
        Backend.For(full).MatMul(a, b, full);
        if (repeated) full = Broadcast.Back(full, MatrixProduct.Promote(operand, column: input == 1).Shape);
        Give(input, full.WithLayout(Layout.Contiguous(operand.Shape)));
    }
}

/// <summary>
/// Two operands as the kernel wants them: of one rank, with batches expanded, or folded into rows where the right side has no batch.
/// </summary>
internal readonly struct MatrixProduct
{
    public MatrixProduct(Tensor left, Tensor right)
    {
        Tensor a = Promote(left, column: false), b = Promote(right, column: true);
        var (m, k, n) = (a.Size(-2), a.Size(-1), b.Size(-1));
        if (b.Size(-2) != k)
        {
            throw new ArgumentException($"MatMul: {left.Shape} by {right.Shape}: the inner sizes are {k} and {b.Size(-2)}");
        }
        var batch = a.Shape.Without(-1).Without(-1);
        if (b.Rank == 2)
        {
            (Left, Right) = (Views.Reshape(a, [batch.ElementCount * m, k]), b);
            Computed = [batch.ElementCount * m, n];
        }
        else
        {
            batch = Broadcast.Of("MatMul", batch, b.Shape.Without(-1).Without(-1));
            Left = Broadcast.To(a, Matrices(batch, m, k));
            Right = Broadcast.To(b, Matrices(batch, k, n));
            Computed = Matrices(batch, m, n);
        }
        if (left.Rank > 1) batch = batch.Insert(batch.Rank, m);
        Result = right.Rank > 1 ? batch.Insert(batch.Rank, n) : batch;
    }

    public Tensor Left { get; }

    public Tensor Right { get; }

    /// <summary>What the kernel computes.</summary>
    public Shape Computed { get; }

    /// <summary>What the caller gets: batch and rows apart, without the axes that were put to vectors.</summary>
    public Shape Result { get; }

    /// <summary>A vector as a matrix of one row or one column.</summary>
    public static Tensor Promote(Tensor tensor, bool column) =>
        tensor.Rank > 1 ? tensor : tensor.WithLayout(tensor.Layout.Unsqueeze(column ? 1 : 0));

    public static Tensor Transposed(Tensor tensor) => tensor.WithLayout(tensor.Layout.Transpose(-2, -1));

    private static Shape Matrices(Shape batch, long rows, long columns) => batch.Insert(batch.Rank, rows).Insert(batch.Rank + 1, columns);
}
