using System.Numerics;

namespace PsGpt.Tokenization;

/// <summary>
/// The merges of a vocabulary: the rank of a pair of neighbours, and the token that it merges to. A lower rank was merged first in
/// training. An open-addressed hash table: encoding asks it for every pair of neighbours, and most are not in it.
/// </summary>
internal sealed class MergeTable
{
    /// <summary>The rank of a pair that is not merged: above every other, so that the smallest is always the next merge.</summary>
    public const int None = int.MaxValue;

    private readonly Slot[] slots;
    private readonly int[] tokens;
    private readonly int shift;
    private int count;

    /// <param name="capacity">The most merges there will be. At least a third of the slots stay empty.</param>
    public MergeTable(int capacity)
    {
        var size = BitOperations.RoundUpToPowerOf2((ulong)capacity + ((ulong)capacity / 2) + 2);
        slots = new Slot[size];
        shift = 64 - BitOperations.Log2(size);
        tokens = new int[capacity + 1];
    }

    /// <summary>Adds the merge of the next rank; false where the pair is merged already.</summary>
    public bool TryAdd(int left, int right, int token)
    {
        ref var slot = ref Find(left, right);
        if (slot.Rank != 0)
            return false;
        tokens[++count] = token;
        slot = new Slot { Left = left, Right = right, Rank = count };
        return true;
    }

    /// <summary>The rank of a pair, from 1 on, or <see cref="None"/>.</summary>
    public int GetRank(int left, int right)
    {
        var rank = Find(left, right).Rank;
        return rank != 0 ? rank : None;
    }

    /// <summary>The token that the pair of a rank merges to.</summary>
    public int TokenOf(int rank) => tokens[rank];

    private ref Slot Find(int left, int right)
    {
        var hash = (((ulong)(uint)left << 32) | (uint)right) * 0x9E3779B97F4A7C15;
        for (var index = (int)(hash >> shift); ; index = (index + 1) & (slots.Length - 1))
        {
            ref var slot = ref slots[index];
            if ((slot.Left == left && slot.Right == right) || slot.Rank == 0)
                return ref slot;
        }
    }

    /// <summary>Empty where the rank is 0.</summary>
    private struct Slot
    {
        public int Left;
        public int Right;
        public int Rank;
    }
}
