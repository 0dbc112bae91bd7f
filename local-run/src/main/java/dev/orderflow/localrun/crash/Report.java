package dev.orderflow.localrun.crash;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// What a run was and whether all held.
///
/// @param orders how many were accepted
/// @param states in which state how many ended
/// @param counts what was done by customers, by the storm and by the operator afterwards
/// @param struck how often each point was struck
/// @param invariants what was checked
/// @param took from the first order to the end of the checks
/// @param logs where the processes wrote
public record Report(
        int orders,
        Map<String, Integer> states,
        Map<String, Integer> counts,
        Map<String, Integer> struck,
        List<Invariant> invariants,
        List<String> deadLetterReasons,
        Duration took,
        Path logs) {

    /// Something that must be true.
    ///
    /// @param checked how often it was looked at
    /// @param violations where it is not true
    public record Invariant(String name, int checked, List<String> violations) {}

    /// Everything that does not hold, in words; nothing when all is well.
    public List<String> violations() {
        return invariants.stream()
                .flatMap(
                        invariant ->
                                invariant.violations().stream()
                                        .map(what -> invariant.name() + ": " + what))
                .toList();
    }
}
