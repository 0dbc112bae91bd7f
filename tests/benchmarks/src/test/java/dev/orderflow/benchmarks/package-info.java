@org.jspecify.annotations.NullMarked
package dev.orderflow.benchmarks;
