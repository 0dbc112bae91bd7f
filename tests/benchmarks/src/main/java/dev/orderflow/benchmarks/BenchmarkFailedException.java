package dev.orderflow.benchmarks;

/// A benchmark cannot be run or completed. The message is one line for the person who started it.
final class BenchmarkFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BenchmarkFailedException(String message) {
        super(message);
    }

    BenchmarkFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
