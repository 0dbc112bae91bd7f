package dev.orderflow.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The resident memory of a process, from `/proc`
/// ([proc_pid_status(5)](https://man7.org/linux/man-pages/man5/proc_pid_status.5.html)).
///
/// @param residentMebibytes now
/// @param peakMebibytes the most so far
record ProcessMemory(double residentMebibytes, double peakMebibytes) {

    /// @throws BenchmarkFailedException when the process has ended
    static ProcessMemory of(long pid) {
        try {
            var status = Files.readString(Path.of("/proc", Long.toString(pid), "status"));
            return new ProcessMemory(value(status, "VmRSS:"), value(status, "VmHWM:"));
        } catch (IOException ended) {
            throw new BenchmarkFailedException("process " + pid + " has ended", ended);
        }
    }

    static double value(String status, String name) {
        return status.lines()
                        .filter(line -> line.startsWith(name))
                        .mapToLong(
                                line ->
                                        Long.parseLong(
                                                line.substring(name.length())
                                                        .replace("kB", "")
                                                        .strip()))
                        .findFirst()
                        .orElse(0)
                / 1024.0;
    }
}
