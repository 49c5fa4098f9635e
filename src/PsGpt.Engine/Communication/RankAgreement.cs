using System.Runtime.ExceptionServices;
using System.Text;

namespace PsGpt.Communication;

/// <summary>
/// Questions that all ranks of a group answer together. Each is a collective call: every rank asks it at the same place, and every rank
/// gets the same answer.
/// </summary>
public static class RankAgreement
{
    private const string Mark = "PsGpt.AllRanks";

    /// <summary>Whether the value is true on any rank.</summary>
    /// <exception cref="GptException"><c>CommunicationFailed</c>.</exception>
    public static bool Any(this ICommunicator communicator, bool value)
    {
        ArgumentNullException.ThrowIfNull(communicator);
        Span<double> count = [value ? 1 : 0];
        communicator.AllReduce(count);
        return count[0] > 0;
    }

    /// <summary>Every rank's number, in the order of the ranks.</summary>
    /// <exception cref="GptException"><c>CommunicationFailed</c>.</exception>
    public static double[] Gather(this ICommunicator communicator, double value)
    {
        ArgumentNullException.ThrowIfNull(communicator);
        var values = new double[communicator.Size];
        values[communicator.Rank] = value;
        communicator.AllReduce(values);
        return values;
    }

    /// <summary>The bytes of rank 0, whose length the others do not know.</summary>
    /// <param name="data">The bytes; anything on the other ranks.</param>
    /// <exception cref="GptException"><c>CommunicationFailed</c>.</exception>
    public static byte[] Share(this ICommunicator communicator, byte[] data) => communicator.ShareFrom(root: 0, data);

    /// <summary>
    /// Does work that may fail on some ranks, such as reading files: where it fails on one, it fails on all, and none waits for another.
    /// </summary>
    /// <param name="communicator">The ranks.</param>
    /// <param name="work">The work, without collective calls.</param>
    /// <exception cref="GptException">
    /// The error of the first rank that failed, with its number in the message. A rank that failed itself throws its own exception.
    /// </exception>
    public static T Together<T>(this ICommunicator communicator, Func<T> work)
    {
        ArgumentNullException.ThrowIfNull(communicator);
        ArgumentNullException.ThrowIfNull(work);
        if (communicator.Size == 1)
            return work();
        var result = default(T);
        Exception? own = null;
        try
        {
            result = work();
        }
        catch (Exception exception)
        {
            own = exception;
        }

        communicator.RequireNoFailure(own);
        if (own is not null)
            ExceptionDispatchInfo.Throw(OfAllRanks(own));
        return result!;
    }

    /// <inheritdoc cref="Together{T}"/>
    internal static void Together(this ICommunicator communicator, Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        communicator.Together(() =>
        {
            work();
            return true;
        });
    }

    /// <summary>Requires the same of every rank.</summary>
    /// <param name="communicator">The ranks.</param>
    /// <param name="properties">Names for the message, as many on every rank, and a checksum of each.</param>
    /// <exception cref="GptException"><c>RanksDiffer</c>: names the first rank that has something else than rank 0.</exception>
    public static void RequireSame(this ICommunicator communicator, IReadOnlyList<(string Name, uint Checksum)> properties)
    {
        ArgumentNullException.ThrowIfNull(communicator);
        ArgumentNullException.ThrowIfNull(properties);
        foreach (var (name, checksum) in properties)
        {
            var checksums = communicator.Gather(checksum);
            var other = Array.FindIndex(checksums, value => value != checksums[0]);
            if (other > 0)
            {
                throw OfAllRanks(new GptException("RanksDiffer", GptErrorKind.InvalidData,
                    $"Rank {other} has another {name} than rank 0. Start every rank with the same module, model, options and text."));
            }
        }
    }

    /// <summary>Requires text of every rank.</summary>
    /// <param name="communicator">The ranks.</param>
    /// <param name="hasText">Whether this rank has text. A rank that has none has reported the reason.</param>
    /// <returns>True where every rank has text; false on a rank that has none.</returns>
    /// <exception cref="GptException"><c>TextMissing</c>, on the ranks that have text: it names the first rank that has none.</exception>
    public static bool RequireText(this ICommunicator communicator, bool hasText)
    {
        ArgumentNullException.ThrowIfNull(communicator);
        var lacking = Array.FindIndex(communicator.Gather(hasText ? 1 : 0), value => value == 0);
        if (lacking < 0 || !hasText)
            return lacking < 0;
        throw OfAllRanks(new GptException("TextMissing", GptErrorKind.NotFound,
            $"Rank {lacking} could not read its text, and has reported why. Give a path that exists on every machine."));
    }

    /// <summary>Whether every rank throws this exception at the same place, so that none waits for another.</summary>
    public static bool IsOfAllRanks(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return exception.Data.Contains(Mark);
    }

    /// <summary>Marks an exception that every rank throws.</summary>
    internal static T OfAllRanks<T>(T exception)
        where T : Exception
    {
        exception.Data[Mark] = true;
        return exception;
    }

    private static void RequireNoFailure(this ICommunicator communicator, Exception? own)
    {
        var failed = Array.FindIndex(communicator.Gather(own is null ? 0 : 1), value => value > 0);
        if (failed < 0)
            return;
        var error = own as GptException ?? new GptException("RankFailed", GptErrorKind.InvalidData, own?.Message ?? "");
        var kind = (GptErrorKind)communicator.ShareFrom(failed, [(byte)error.Kind])[0];
        var id = Encoding.UTF8.GetString(communicator.ShareFrom(failed, Encoding.UTF8.GetBytes(error.ErrorId)));
        var message = Encoding.UTF8.GetString(communicator.ShareFrom(failed, Encoding.UTF8.GetBytes(error.Message)));
        if (own is null)
            throw OfAllRanks(new GptException(id, kind, $"Rank {failed} cannot train: {message}"));
    }

    private static byte[] ShareFrom(this ICommunicator communicator, int root, byte[] data)
    {
        var length = (int)communicator.Gather(communicator.Rank == root ? data.Length : 0)[root];
        var shared = communicator.Rank == root ? data : new byte[length];
        communicator.Broadcast(shared, root);
        return shared;
    }
}
