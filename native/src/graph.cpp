#include "graph.hpp"

#include "error.hpp"

namespace lsrt {

Graph::Graph(Device& device, cuda::Graph captured) : device_(device) {
    const CudaApi& api = device.api();
    std::size_t count = 0;
    const char* call = "cuGraphGetNodes";
    cuda::Result result = cuda::success;
    {
        const ContextScope context(device, std::nothrow);
        result = api.cuGraphGetNodes(captured, nullptr, &count);
        if (result == cuda::success) {
            call = "cuGraphInstantiateWithFlags";
            result = api.cuGraphInstantiateWithFlags(&execution_, captured, 0);
        }

        api.cuGraphDestroy(captured);
    }

    try {
        device.check(result, call, LSRT_STATUS_CAPTURE);
    } catch (const Failure& failure) {
        // Whatever hinders a graph but a lost device hinders only the graph: the work can still be enqueued plainly.
        throw Failure(failure.status() == LSRT_STATUS_DEVICE_LOST ? LSRT_STATUS_DEVICE_LOST : LSRT_STATUS_CAPTURE,
                      failure.what());
    }

    node_count_ = static_cast<std::int64_t>(count);
    ++device.counters().captures;
}

Graph::~Graph() {
    const ContextScope context(device_, std::nothrow);
    device_.api().cuGraphExecDestroy(execution_);
}

void Graph::launch(Stream& stream) {
    require(&stream.device() == &device_, "stream and graph are of different devices");
    const ContextScope context(device_);
    const bool is_recording = device_.is_recording(stream.handle());
    device_.check(device_.api().cuGraphLaunch(execution_, stream.handle()), "cuGraphLaunch", LSRT_STATUS_LAUNCH);
    if (!is_recording) {
        ++device_.counters().graph_launches;
    }
}

}  // namespace lsrt
