using System.Numerics;

namespace PsGpt.Tokenization;

/// <summary>
/// The token that a pair of neighbours merges to. A lower token was merged first in training. An open-addressed hash table:
/// encoding asks it for every pair of neighbours, and most are not in it.
/// </summary>
internal sealed class MergeTable
{
    /// <summary>The pair is not merged; above every token, so that the least answer is the merge to do.</summary>
    public const int None = int.MaxValue;

    private readonly Slot[] slots;
    private readonly int shift;

    /// <param name="capacity">The most merges there will be. At least a third of the slots stay empty.</param>
    public MergeTable(int capacity)
    {
        var size = BitOperations.RoundUpToPowerOf2((ulong)capacity + ((ulong)capacity / 2) + 2);
        slots = new Slot[size];
        shift = 64 - BitOperations.Log2(size);
    }

    /// <summary>Adds a merge; false where the pair is merged already.</summary>
    public bool TryAdd(int left, int right, int token)
    {
        ref var slot = ref Find(left, right);
        if (slot.Token != 0)
            return false;
        slot = new Slot { Left = left, Right = right, Token = token };
        return true;
    }

    /// <summary>The token that a pair merges to, or <see cref="None"/>.</summary>
    public int Get(int left, int right)
    {
        var token = Find(left, right).Token;
        return token != 0 ? token : None;
    }

    private ref Slot Find(int left, int right)
    {
        var hash = (((ulong)(uint)left << 32) | (uint)right) * 0x9E3779B97F4A7C15;
        for (var index = (int)(hash >> shift); ; index = (index + 1) & (slots.Length - 1))
        {
            ref var slot = ref slots[index];
            if ((slot.Left == left && slot.Right == right) || slot.Token == 0)
                return ref slot;
        }
    }

    /// <summary>Empty where the token is 0: the first 256 tokens are bytes, which no pair merges to.</summary>
    private struct Slot
    {
        public int Left;
        public int Right;
        public int Token;
    }
}
