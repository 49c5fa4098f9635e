using PsGpt.Tensors;

namespace PsGpt.Unit.Tensors;

public sealed class TensorTests
{
    [Fact]
    public void Values_are_copied_from_and_to_any_place_of_a_tensor_and_no_other()
    {
        using var set = new TensorSet([new("before", 2), new("tensor", 2, 3), new("after", 2)]);
        var tensor = set["tensor"];
        tensor.CopyFrom([1, 2, 3, 4, 5, 6]);
        tensor.CopyFrom([7, 8], start: 4);
        var values = new float[4];
        tensor.CopyTo(values, start: 2);
        Assert.Equal([3, 4, 7, 8], values);
        Assert.Equal([0, 0, 1, 2, 3, 4, 7, 8, 0, 0], set.Tensors.SelectMany(each => each.Span.ToArray()));
        Assert.Throws<ArgumentOutOfRangeException>(() => tensor.CopyTo(values, start: 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => tensor.CopyTo(values, start: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => tensor.CopyFrom(new float[7]));
    }

    [Fact]
    public void Leased_memory_is_there_until_the_last_lease_ends()
    {
        var set = new TensorSet([new("tensor", 4)]);
        set["tensor"].CopyFrom([1, 2, 3, 4]);
        using (set.Lease())
        {
            set.Dispose();
            Assert.Equal([1, 2, 3, 4], set["tensor"].Span.ToArray());
        }

        Assert.Throws<ObjectDisposedException>(() => set.Lease());
        Assert.Throws<ObjectDisposedException>(() => set["tensor"].CopyTo(new float[1]));
    }

    [Fact]
    public void A_shape_knows_its_layers()
    {
        var stacked = new TensorShape("qkvw", 3, 4, 5) { Role = TensorRole.QueryKeyValueMatrix, IsStacked = true };
        Assert.Equal((3, 60, 20), (stacked.LayerCount, stacked.Length, stacked.LayerLength));
        var single = new TensorShape("wte", 3, 4) { Role = TensorRole.TokenEmbedding };
        Assert.Equal((1, 12, 12), (single.LayerCount, single.Length, single.LayerLength));
    }
}
