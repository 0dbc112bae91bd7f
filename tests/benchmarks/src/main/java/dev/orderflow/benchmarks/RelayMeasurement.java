package dev.orderflow.benchmarks;

import dev.orderflow.benchmarks.PeerProcess.PeerCounts;
import java.util.LinkedHashMap;
import java.util.Map;

/// What is measured of an outbox with one target. Costs are per event.
final class RelayMeasurement {

    final RelayContestant contestant;

    // Publishing a backlog.
    final Samples drain = new Samples();
    final Samples drainPerCall = new Samples();
    final Samples drainJvmMillis = new Samples();
    final Samples drainPostgresMillis = new Samples();
    final Map<Integer, Samples> drainByInstances = new LinkedHashMap<>();

    // Publishing while producers store as fast as they can.
    final Samples live = new Samples();
    final Samples livePerCall = new Samples();
    final Samples liveJvmMillis = new Samples();
    final Samples livePostgresMillis = new Samples();
    final Samples liveWalBytes = new Samples();

    // From commit to acceptance at a steady rate, in milliseconds.
    final Samples p50 = new Samples();
    final Samples p99 = new Samples();

    /// The outbox and its version.
    String description = "";

    // At the end.
    PeerCounts counts = new PeerCounts(0, 0, 0, 0);
    long tableBytes;

    RelayMeasurement(RelayContestant contestant) {
        this.contestant = contestant;
    }
}
