#include <algorithm>
#include <iostream>

#include "case_run.hpp"
#include "checks.hpp"
#include "table.hpp"

namespace gpu_check {

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> case_files(const fs::path& folder) {
    std::vector<fs::path> files;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
        if (entry.path().extension() == ".case") {
            files.push_back(entry.path());
        }
    }

    if (files.empty()) {
        throw std::runtime_error("no case in " + folder.string());
    }

    std::sort(files.begin(), files.end());
    return files;
}

/// One row of the table; throws where the device refuses something. Returns whether all is well.
bool run_case(const Session& session, const Kernels& kernels, const Options& options, const Case& subject,
              Table& table) {
    const CaseRun run(session, kernels, subject);
    const auto run_plainly = [&](int times) {
        for (int i = 0; i < times; ++i) {
            run.enqueue();
        }
    };
    run.restore();
    run_plainly(subject.repeats);
    const auto plain = run.results();
    const Difference difference = run.compare(plain);

    const Graph graph = session.capture([&] { run.enqueue(); });
    const auto replay = [&](int times) {
        for (int i = 0; i < times; ++i) {
            session.launch(graph);
        }
    };
    run.restore();
    replay(subject.repeats);
    const bool is_same = run.results() == plain;

    // Only where the launches count their own steps do repeats change what they read; those cases are measured as they
    // are, from the start each time. The others do the same work however often they run.
    const int times = subject.repeats > 1 ? subject.repeats : options.batch;
    const auto restore = [&] { run.restore(); };
    const double plain_time = session.median_time(options.samples, restore, [&] { run_plainly(times); }) / times;
    const double graph_time = session.median_time(options.samples, restore, [&] { replay(times); }) / times;

    const bool is_well = difference.failure.empty() && is_same;
    table.add({subject.name, std::to_string(subject.launches.size()), std::to_string(subject.repeats),
               format(difference.worst), format(difference.allowed), is_same ? "same bits" : "DIFFERENT",
               format(plain_time), format(graph_time),
               difference.failure.empty() ? is_same ? "ok" : "FAILED" : "FAILED: " + difference.failure});
    return is_well;
}

}  // namespace

int check_cases(const Session& session, const Options& options) {
    const Kernels kernels(session, options.ptx);
    std::set<std::string> unused = kernels.names();
    int failures = 0;
    Table table({"case", "launches", "repeats", "worst difference", "allowed", "graph against plain", "plain, us",
                 "graph, us", "result"});
    for (const fs::path& file : case_files(options.cases)) {
        try {
            const Case subject = read_case(file);
            for (const CaseLaunch& launch : subject.launches) {
                unused.erase(launch.kernel);
            }

            failures += run_case(session, kernels, options, subject, table) ? 0 : 1;
        } catch (const std::exception& error) {
            ++failures;
            table.add({file.stem().string(), "", "", "", "", "", "", "", std::string("FAILED: ") + error.what()});
        }
    }

    for (const std::string& name : unused) {
        ++failures;
        table.add({name, "", "", "", "", "", "", "", "FAILED: the kernel is in no case"});
    }

    table.print(std::cout, "Kernels, PTX of sm_" + std::to_string(kernels.architecture()) +
                               " (times: all launches of a case, once)");
    return failures;
}

}  // namespace gpu_check
