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
    }

    device.check_capture(result, call);
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
    device_.check_enqueued(device_.api().cuGraphLaunch(execution_, stream.handle()), "cuGraphLaunch", is_recording,
                           LSRT_STATUS_LAUNCH);
    if (!is_recording) {
        ++device_.counters().graph_launches;
    }
}

}  // namespace lsrt
