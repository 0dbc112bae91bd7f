package dev.orderflow.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// The processor time of a process and its children, from `/proc`
/// ([proc_pid_stat(5)](https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html)).
final class ProcessorTime {

    /// Linux reports times in units of 1/100 s on all platforms that Java supports.
    private static final long MILLIS_PER_TICK = 10;

    private static final int USER_TIME = 11;
    private static final int SYSTEM_TIME = 12;
    private static final int USER_TIME_OF_ENDED_CHILDREN = 13;
    private static final int SYSTEM_TIME_OF_ENDED_CHILDREN = 14;

    private ProcessorTime() {}

    /// The time of a process, of its running children, and of those that have ended.
    static Duration ofTree(long pid) {
        long ticks =
                ticks(
                        pid,
                        USER_TIME,
                        SYSTEM_TIME,
                        USER_TIME_OF_ENDED_CHILDREN,
                        SYSTEM_TIME_OF_ENDED_CHILDREN);
        ticks +=
                ProcessHandle.of(pid).stream()
                        .flatMap(ProcessHandle::descendants)
                        .mapToLong(child -> ticks(child.pid(), USER_TIME, SYSTEM_TIME))
                        .sum();
        return Duration.ofMillis(ticks * MILLIS_PER_TICK);
    }

    /// The time of this process.
    static Duration ofThis() {
        return Duration.ofMillis(
                ticks(ProcessHandle.current().pid(), USER_TIME, SYSTEM_TIME) * MILLIS_PER_TICK);
    }

    /// @return 0 when the process has ended
    private static long ticks(long pid, int... fields) {
        String stat;
        try {
            stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        } catch (IOException _) {
            return 0;
        }
        // The second field is the name, in brackets, and may contain blanks.
        var values = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        long sum = 0;
        for (int field : fields) {
            sum += Long.parseLong(values[field]);
        }
        return sum;
    }
}
