/// Benchmarks: each compares this project with a peer on the same machine, in one run, in turns.
///
/// No test of the build depends on a measured time. The method is in the module's `README.md`.
@NullMarked
package dev.orderflow.benchmarks;

import org.jspecify.annotations.NullMarked;
