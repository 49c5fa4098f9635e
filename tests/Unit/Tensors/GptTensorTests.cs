using PsGpt.Tensors;

namespace PsGpt.Unit.Tensors;

public sealed class GptTensorTests
{
    private readonly GptTensor cube = new("cube", [2, 3, 4], [.. Enumerable.Range(0, 24).Select(i => (float)i)]);

    [Fact]
    public void An_index_gives_a_view_of_the_rest_and_all_indices_a_value()
    {
        Assert.Equal([12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23], ((GptTensor)cube[1]).ToArray());
        Assert.Equal([20, 21, 22, 23], ((GptTensor)cube[1, 2]).ToArray());
        Assert.Equal(22f, cube[1, 2, 2]);
        Assert.Equal(23f, cube[-1, -1, -1]);
    }

    [Fact]
    public void A_range_names_both_of_its_ends()
    {
        var slice = (GptTensor)cube["0..1", "1..2", 3];
        Assert.Equal("2 x 2", slice.Shape.ToString());
        Assert.Equal([7, 11, 19, 23], slice.ToArray());
        Assert.Equal([5, 6], ((GptTensor)cube[0, 1, new[] { 1, 2 }]).ToArray());
        Assert.Equal([3, 15], ((GptTensor)cube["..", 0, 3]).ToArray());
    }

    [Fact]
    public void An_assignment_through_a_view_changes_the_tensor()
    {
        cube[0, 0] = new[] { 1, 2, 3, 4 };
        cube[1, "0..1", 0] = -1.5;
        ((GptTensor)cube[1, 2])[3] = 99;
        Assert.Equal([1, 2, 3, 4, 4, 5, 6, 7, 8, 9, 10, 11, -1.5f, 13, 14, 15, -1.5f, 17, 18, 19, 20, 21, 22, 99], cube.ToArray());
    }

    [Fact]
    public void Values_that_stand_apart_are_read_and_written_too()
    {
        var transposed = new GptTensor(
            "t", role: null, new TensorMemory.Managed([1, 2, 3, 4, 5, 6]), TensorLayout.RowMajor([2, 3]).Transposed(), axes: null);
        Assert.Equal([1, 4, 2, 5, 3, 6], transposed.ToArray());
        transposed[1] = new[] { 20, 50 };
        transposed["..", 0] = new[] { 7, 8, 9 };
        Assert.Equal([7, 4, 8, 50, 9, 6], transposed.ToArray());
        Assert.Equal([8, 50], ((GptTensor)transposed[1]).ToArray());
    }

    [Fact]
    public void Statistics_are_those_of_the_formulas()
    {
        var tensor = new GptTensor("t", [2, 2], [3, 0, -1, 4]);
        Assert.Equal((1.5, Math.Sqrt(4.25), -1f, 4f, Math.Sqrt(26), 0.25),
            (tensor.Mean, tensor.StandardDeviation, tensor.Minimum, tensor.Maximum, tensor.Norm, tensor.ZeroShare));
        Assert.True(float.IsNaN(new GptTensor("t", [2], [1, float.NaN]).Maximum));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(-3)]
    [InlineData("1..9")]
    [InlineData("1..0")]
    [InlineData("first")]
    public void A_place_that_is_not_there_is_an_error_with_the_places_that_are(object index)
    {
        var error = Assert.Throws<GptException>(() => cube.Slice(index));
        Assert.Equal("TensorIndexInvalid", error.ErrorId);
        Assert.Contains("which has 2 places", error.Message);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(-1)]
    public void An_axis_that_is_not_there_is_an_error(int axis)
    {
        Assert.Null(cube.NameOf(2));
        Assert.Equal("TensorIndexInvalid", Assert.Throws<GptException>(() => cube.NameOf(axis)).ErrorId);
        Assert.Equal("TensorIndexInvalid", Assert.Throws<GptException>(() => cube.LabelsOf(axis)).ErrorId);
    }

    [Fact]
    public void More_indices_than_axes_are_an_error() =>
        Assert.Equal("TensorIndexInvalid", Assert.Throws<GptException>(() => cube.Slice(0, 0, 0, 0)).ErrorId);

    [Fact]
    public void Values_that_do_not_fit_are_refused_and_nothing_is_written()
    {
        Assert.Equal("TensorShapeInvalid", Assert.Throws<GptException>(() => cube[0] = new[] { 1, 2 }).ErrorId);
        Assert.Equal("TensorValueInvalid", Assert.Throws<GptException>(() => cube[0, 0, 0] = "much").ErrorId);
        Assert.Equal("TensorShapeInvalid", Assert.Throws<GptException>(() => new GptTensor("t", [2, 2], [1, 2, 3])).ErrorId);
        object ragged = new object[] { new[] { 1, 2 }, new[] { 3 } };
        Assert.Equal("TensorShapeInvalid", Assert.Throws<GptException>(() => GptTensor.From("t", ragged)).ErrorId);
        Assert.Equal(Enumerable.Range(0, 24).Select(i => (float)i), cube.ToArray());
    }

    [Fact]
    public void Tensors_are_compared_by_name_shape_and_values()
    {
        GptTensor[] ordered =
        [
            new("a", [2], [9, 9]), new("b", [2], [float.NaN, 1]), new("b", [2], [1, 2]), new("b", [2], [1, 3]), new("b", [3], [0, 0, 0]),
            new("b", [1, 1], [0]),
        ];
        for (var i = 0; i < ordered.Length; i++)
        {
            for (var j = 0; j < ordered.Length; j++)
                Assert.Equal(i.CompareTo(j), Math.Sign(((IComparable)ordered[i]).CompareTo(ordered[j])));
        }
    }

    [Fact]
    public void Lists_within_lists_give_the_shape()
    {
        var tensor = GptTensor.From("t", new object[] { new object[] { 1, 2.5 }, new float[] { 3, 4 }, new[] { 5, 6 } });
        Assert.Equal([3, 2], tensor.Shape);
        Assert.Equal([1, 2.5f, 3, 4, 5, 6], tensor.ToArray());
    }
}
