#include <iostream>

#include "checks.hpp"
#include "symbols.hpp"
#include "table.hpp"

namespace gpu_check {

int check_symbols(const Session& session) {
    const std::vector<std::string> missing = missing_symbols(session.driver_path());
    Table table({"library", "functions used", "missing", "result"});
    std::string names;
    for (const std::string& name : missing) {
        names += (names.empty() ? "" : " ") + name;
    }

    table.add({session.driver_path(), std::to_string(symbol_count()), names.empty() ? "none" : names,
               missing.empty() ? "ok" : "FAILED"});
    table.print(std::cout, "Functions of the driver");
    return missing.empty() ? 0 : 1;
}

}  // namespace gpu_check
