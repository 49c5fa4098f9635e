using PsGpt.Model;

namespace PsGpt.Generation;

/// <summary>
/// Searches the continuation with the highest mean log probability a token, as transformers' <c>generate()</c> does with
/// <c>num_beams</c>, a length penalty of 1 and no early stopping. Each step keeps the best beams; texts that end among the best
/// are set aside, until there are as many as beams and no open beam has a better mean.
/// </summary>
/// <param name="decoder">Has a stream for each beam.</param>
/// <param name="request">The prompt and options, with the number of beams.</param>
/// <param name="endOfText">The ids that end a text.</param>
/// <param name="vocabularySize">The tokens that the tokenizer knows.</param>
internal sealed class BeamSearch(GptDecoder decoder, CompletionRequest request, IReadOnlyList<int> endOfText, int vocabularySize)
{
    private readonly int beamCount = request.Options.BeamCount ?? 1;
    private readonly int contextLength = decoder.Model.Configuration.ContextLength;
    private readonly SamplerChain chain = SamplerChain.Of(request.Options, endOfText);
    private List<Beam> finished = [];

    // Enough remain where as many as there are beams end at once.
    private int CandidateCount => Math.Max(2, 1 + endOfText.Count) * beamCount;

    /// <summary>Runs the search.</summary>
    /// <param name="first">The prompt, to which nothing was added yet.</param>
    /// <param name="timeout">Ends the search with what there is.</param>
    /// <param name="onToken">Is called with the length of the beams after each step.</param>
    /// <returns>The finished texts, the best first; where the search was stopped, followed by the open ones.</returns>
    /// <exception cref="GptException"><c>LogitsNotFinite</c>, <c>NoTokenLeft</c>, <c>SamplerFailed</c>.</exception>
    public IReadOnlyList<Continuation> Run(Continuation first, TimeLimit timeout, Action<int>? onToken)
    {
        List<Beam> open = [new Beam(first, 0, 0)];
        try
        {
            decoder.Reset(0);
            decoder.Append(0, first.Tokens, timeout.Token);
            for (var length = 1; ; length++)
            {
                var next = Extend(open, length);
                onToken?.Invoke(length);
                if (next.Count == 0 || (finished.Count == beamCount && next[0].Score / length <= finished[^1].Score))
                    return [.. finished.Select(beam => beam.Text)];
                open = Place(next);
                Read(open, timeout.Token);
            }
        }
        catch (OperationCanceledException)
        {
            open.ForEach(beam => beam.Text.Stop(timeout.Reason));
            return [.. finished.Concat(open).Select(beam => beam.Text)];
        }
    }

    /// <summary>
    /// Extends the beams by one token: sets aside those that end, and gives the best that do not, still in their parents' streams.
    /// </summary>
    private List<Beam> Extend(List<Beam> open, int length)
    {
        var next = new List<Beam>();
        foreach (var (rank, candidate) in FindBest(open).Index())
        {
            var parent = open[candidate.Id / vocabularySize];
            var text = parent.Text.Extend(candidate.Id % vocabularySize, decoder.LogitsOf(parent.Stream)[..vocabularySize]);
            if (!text.IsFinished)
                next.Add(new Beam(text, candidate.Score, parent.Stream));
            else if (rank < beamCount)
                finished.Add(new Beam(text, candidate.Score / length, parent.Stream));
        }

        finished = [.. finished.OrderByDescending(beam => beam.Score).Take(beamCount)];
        return [.. next.Take(beamCount)];
    }

    /// <summary>The best continuations of all beams; the id of a candidate is beam · V + token.</summary>
    private List<Candidate> FindBest(List<Beam> open)
    {
        List<Candidate> best = [];
        var logProbabilities = new float[vocabularySize];
        for (var i = 0; i < open.Count; i++)
        {
            var logits = decoder.LogitsOf(open[i].Stream)[..vocabularySize];
            var total = Softmax.LogSumExp(logits);
            for (var id = 0; id < vocabularySize; id++)
                logProbabilities[id] = (float)(logits[id] - total);
            var scores = chain.Apply(logProbabilities, open[i].Text.Tokens, request.Tokens.Length);
            for (var id = 0; id < vocabularySize; id++)
            {
                var candidate = new Candidate(open[i].Score + scores[id], (i * vocabularySize) + id);
                if (float.IsNegativeInfinity(scores[id]) || (best.Count == CandidateCount && candidate.CompareTo(best[^1]) > 0))
                    continue;
                best.Insert(~best.BinarySearch(candidate), candidate);
                if (best.Count > CandidateCount)
                    best.RemoveAt(CandidateCount);
            }
        }

        return best;
    }

    /// <summary>
    /// Gives each beam a stream of its own: the first child of a beam takes over its stream, others copy it into a free one.
    /// </summary>
    private List<Beam> Place(List<Beam> next)
    {
        var free = new Queue<int>(Enumerable.Range(0, beamCount).Except(next.Select(beam => beam.Stream)));
        var taken = new HashSet<int>();
        var placed = new List<Beam>();
        foreach (var beam in next)
        {
            if (taken.Add(beam.Stream))
            {
                placed.Add(beam);
                continue;
            }

            decoder.Copy(beam.Stream, free.Peek());
            placed.Add(beam with { Stream = free.Dequeue() });
        }

        return placed;
    }

    private void Read(List<Beam> beams, CancellationToken cancellationToken)
    {
        var unread = beams.Where(beam => decoder.PositionOf(beam.Stream) < contextLength).ToList();
        foreach (var beam in beams.Except(unread))
        {
            decoder.Reset(beam.Stream);
            decoder.Append(beam.Stream, beam.Text.Tokens[^Math.Max(1, contextLength / 2)..], cancellationToken);
        }

        int[] streams = [.. unread.Select(beam => beam.Stream)], tokens = [.. unread.Select(beam => beam.Text.Tokens[^1])];
        decoder.Step(streams, tokens, cancellationToken);
    }
}
