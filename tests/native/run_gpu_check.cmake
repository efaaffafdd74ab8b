# Runs the check of a GPU on the double of the driver, or says why it cannot.
foreach(folder IN ITEMS ${PTX} ${CASES})
    if(NOT EXISTS ${folder})
        message("skipped: ${folder} is not built")
        return()
    endif()
endforeach()

execute_process(
    COMMAND ${PROGRAM} --ptx ${PTX} --cases ${CASES} --driver ${DRIVER} --samples 1 --batch 1 --copy-size 4096
    RESULT_VARIABLE result)
if(NOT result EQUAL 0)
    message(FATAL_ERROR "the check ended with ${result}")
endif()
