using System.IO.Pipelines;

namespace Ouroboros;

/// <summary>A flow as a pair of pipes, over its stream view.</summary>
internal sealed class FlowPipe : IDuplexPipe
{
    public FlowPipe(Flow flow)
    {
        var stream = flow.AsStream(leaveOpen: true);
        Input = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));
        Output = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
    }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }
}
