/// A suite that any transactional outbox on PostgreSQL can run.
///
/// Implement [OutboxUnderTest] (four methods), extend [OutboxConformanceTest], and run it with
/// JUnit. Each test states one fact that must hold. Nothing in the suite sleeps or measures time:
/// it waits for conditions.
@NullMarked
package dev.orderflow.outbox.testkit;

import org.jspecify.annotations.NullMarked;
