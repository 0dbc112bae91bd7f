package dev.orderflow.operations.casefile;

import dev.orderflow.contracts.value.OrderStateCode;
import dev.orderflow.defaults.history.OrderHistory;
import dev.orderflow.defaults.history.OrderHistoryEntry;
import dev.orderflow.defaults.history.OrderHistoryState;
import dev.orderflow.defaults.problem.FailureDescription;
import dev.orderflow.defaults.tracing.RedactedException;
import dev.orderflow.operations.casefile.CaseFile.CaseFileEntry;
import dev.orderflow.operations.casefile.CaseFile.PartReport;
import dev.orderflow.operations.casefile.CaseFilePart.OrderUnknownException;
import dev.orderflow.operations.services.AwsFailureDescription;
import dev.orderflow.operations.services.ServiceAvailability;
import dev.orderflow.operations.services.ServiceUnavailableException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.stereotype.Service;
import software.amazon.awssdk.core.exception.SdkException;

/// Reads the case file of an order from all parts of the system at the same time.
@Service
@EnableConfigurationProperties(CaseFileProperties.class)
public class CaseFileService implements DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(CaseFileService.class);
    private static final String ORDER_SERVICE = "order-service";

    private final List<CaseFilePart> parts;
    private final ServiceAvailability availability;
    private final CaseFileProperties properties;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    CaseFileService(
            ServiceHistories services,
            WorkflowHistory workflow,
            DeadLetterHistory deadLetters,
            OperatorHistory operators,
            ViolationHistory violations,
            ServiceAvailability availability,
            CaseFileProperties properties) {
        var all = new ArrayList<>(services.parts());
        all.addAll(List.of(workflow, deadLetters, operators, violations));
        this.parts = List.copyOf(all);
        this.availability = availability;
        this.properties = properties;
    }

    /// The result of [#find].
    public sealed interface CaseFileResult {

        /// At least one part knows the order, or order-service could not be asked.
        record CaseFileFound(CaseFile file) implements CaseFileResult {}

        /// order-service does not know the order, and no other part does.
        record CaseFileMissing() implements CaseFileResult {}
    }

    /// What one part responded.
    private sealed interface PartResult {

        record PartRead(OrderHistory history) implements PartResult {}

        record OrderNotKnown() implements PartResult {}

        record PartUnavailable(String problem) implements PartResult {}
    }

    /// Reads the case file of an order, in little more than the time-out of one part.
    ///
    /// @param limit the most entries of the timeline; of a longer one the middle is left out
    public CaseFileResult find(UUID orderId, int limit) {
        var results = readAll(orderId);
        boolean isUnknown = results.get(ORDER_SERVICE) instanceof PartResult.OrderNotKnown;
        var histories = new LinkedHashMap<String, OrderHistory>();
        results.forEach(
                (part, result) -> {
                    if (result instanceof PartResult.PartRead(var history)) {
                        histories.put(part, history);
                    }
                });
        if (isUnknown && histories.values().stream().allMatch(CaseFileService::isEmpty)) {
            return new CaseFileResult.CaseFileMissing();
        }
        return new CaseFileResult.CaseFileFound(toCaseFile(orderId, results, histories, limit));
    }

    private static boolean isEmpty(OrderHistory history) {
        return history.entries().isEmpty() && history.states().isEmpty();
    }

    private Map<String, PartResult> readAll(UUID orderId) {
        var running = new LinkedHashMap<String, Future<PartResult>>();
        for (var part : parts) {
            running.put(part.name(), threads.submit(() -> read(part, orderId)));
        }
        var end = System.nanoTime() + properties.partTimeout().toNanos();
        var results = new LinkedHashMap<String, PartResult>();
        running.forEach((part, future) -> results.put(part, await(part, future, end)));
        return results;
    }

    private PartResult await(String part, Future<PartResult> future, long end) {
        try {
            var result = future.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            if (result instanceof PartResult.PartUnavailable) {
                availability.recordFailure(part);
            } else {
                availability.recordResponse(part);
            }
            return result;
        } catch (TimeoutException _) {
            future.cancel(true);
            availability.recordFailure(part);
            return new PartResult.PartUnavailable(
                    "%s did not respond within %d ms"
                            .formatted(part, properties.partTimeout().toMillis()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        } catch (ExecutionException failure) {
            throw new IllegalStateException(failure.getCause());
        }
    }

    private static PartResult read(CaseFilePart part, UUID orderId) {
        try {
            return new PartResult.PartRead(part.read(orderId));
        } catch (OrderUnknownException _) {
            return new PartResult.OrderNotKnown();
        } catch (ServiceUnavailableException failure) {
            return new PartResult.PartUnavailable(String.valueOf(failure.getMessage()));
        } catch (SdkException failure) {
            return new PartResult.PartUnavailable(
                    AwsFailureDescription.describe(part.name(), failure));
        } catch (RuntimeException unexpected) {
            log.warn("{} could not be read", part.name(), RedactedException.of(unexpected));
            return new PartResult.PartUnavailable(
                    "%s could not be read: %s"
                            .formatted(part.name(), FailureDescription.of(unexpected)));
        }
    }

    private CaseFile toCaseFile(
            UUID orderId,
            Map<String, PartResult> results,
            Map<String, OrderHistory> histories,
            int limit) {
        var states = new ArrayList<OrderHistoryState>();
        var entries = new LinkedHashMap<String, List<OrderHistoryEntry>>();
        histories.forEach(
                (part, history) -> {
                    states.addAll(history.states());
                    entries.put(part, history.entries());
                });
        if (results.get(ORDER_SERVICE) instanceof PartResult.OrderNotKnown) {
            states.addFirst(
                    new OrderHistoryState(
                            ORDER_SERVICE, "UNKNOWN", "order-service does not know the order."));
        }
        var timeline = Timeline.merge(entries);
        int omitted = Math.max(0, timeline.size() - limit);
        var reports =
                results.entrySet().stream()
                        .map(result -> report(result.getKey(), result.getValue()))
                        .toList();
        return new CaseFile(
                orderId,
                omitted == 0
                        && reports.stream()
                                .allMatch(report -> report.available() && report.complete()),
                omitted,
                reports,
                states,
                withoutMiddle(timeline, limit),
                TimelineGaps.find(timeline, properties.silence(), isFinal(states), Instant.now()));
    }

    private static boolean isFinal(List<OrderHistoryState> states) {
        return states.stream()
                .filter(state -> state.participant().equals(ORDER_SERVICE))
                .flatMap(state -> OrderStateCode.of(state.state()).stream())
                .anyMatch(OrderStateCode::isFinal);
    }

    /// How an order began and what happened last matter most.
    private static List<CaseFileEntry> withoutMiddle(List<CaseFileEntry> timeline, int limit) {
        if (timeline.size() <= limit) {
            return timeline;
        }
        int first = limit / 3;
        var kept = new ArrayList<>(timeline.subList(0, first));
        kept.addAll(timeline.subList(timeline.size() - (limit - first), timeline.size()));
        return kept;
    }

    private PartReport report(String part, PartResult result) {
        return switch (result) {
            case PartResult.PartRead(var history) ->
                    new PartReport(
                            part,
                            true,
                            history.complete(),
                            history.entries().size(),
                            history.complete()
                                    ? Optional.empty()
                                    : Optional.of(part + " may have more than is shown here"),
                            Optional.empty());
            case PartResult.OrderNotKnown _ ->
                    new PartReport(part, true, true, 0, Optional.empty(), Optional.empty());
            case PartResult.PartUnavailable(var problem) ->
                    new PartReport(
                            part,
                            false,
                            false,
                            0,
                            Optional.of(problem),
                            availability.unavailableSince(part));
        };
    }

    @Override
    public void destroy() {
        threads.shutdownNow();
    }
}
