package dev.orderflow.operations.audittrail;

import dev.orderflow.defaults.actions.OperatorActionsController;
import dev.orderflow.defaults.operators.OperatorActionEntry;
import dev.orderflow.operations.audittrail.AuditTrail.AuditTrailEntry;
import dev.orderflow.operations.services.ServiceApi;
import dev.orderflow.operations.services.ServiceApiFactory;
import dev.orderflow.operations.services.ServiceUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/// Reads what operators did in all parts of the system: the [AuditTrail] of operations-console, and
/// what each service recorded of the requests that operators sent to it, from the console, from the
/// command line or by themselves.
@Component
public class TrailReader implements DisposableBean {

    /// The most entries of a part of the trail. One more is read of each service.
    public static final int MAX_ENTRIES = OperatorActionsController.MAX_PAGE_SIZE - 1;

    private static final Duration READ_TIMEOUT = Duration.ofSeconds(4);

    private final AuditTrail own;
    private final List<ServiceApi> services;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    TrailReader(AuditTrail own, ServiceApiFactory services) {
        this.own = own;
        this.services =
                List.of(
                        services.orderService(READ_TIMEOUT),
                        services.inventoryService(READ_TIMEOUT),
                        services.paymentService(READ_TIMEOUT),
                        services.shippingService(READ_TIMEOUT),
                        services.notificationService(READ_TIMEOUT),
                        services.analyticsService(READ_TIMEOUT));
    }

    /// A part of the trail, the newest entries first.
    ///
    /// @param next the place after the last entry; empty when nothing is before it
    /// @param problems which services did not respond, so that their entries are missing
    public record TrailPart(
            List<AuditTrailEntry> entries, Optional<TrailCursor> next, List<String> problems) {}

    /// What one service responded.
    ///
    /// @param problem why its entries are missing; null when they are not
    private record ServicePart(List<AuditTrailEntry> entries, @Nullable String problem) {}

    /// Reads the entries before a place, from all parts at the same time.
    ///
    /// @param subject what the entries are about; empty for all
    /// @param place empty to begin
    /// @param limit 1 to [#MAX_ENTRIES]
    public TrailPart findBefore(Optional<String> subject, Optional<TrailCursor> place, int limit) {
        var running =
                services.stream()
                        .map(
                                service ->
                                        threads.submit(
                                                () -> read(service, subject, place, limit + 1)))
                        .toList();
        var found = new ArrayList<>(own.findBefore(subject, place, limit + 1));
        var problems = new ArrayList<String>();
        for (var future : running) {
            var part = await(future);
            found.addAll(part.entries());
            if (part.problem() != null) {
                problems.add(part.problem());
            }
        }
        found.sort(Comparator.comparing(AuditTrailEntry::cursor).reversed());
        var entries = found.stream().limit(limit).toList();
        return new TrailPart(
                entries,
                found.size() > limit ? Optional.of(entries.getLast().cursor()) : Optional.empty(),
                List.copyOf(problems));
    }

    private static ServicePart read(
            ServiceApi service, Optional<String> subject, Optional<TrailCursor> place, int limit) {
        var path = new StringBuilder("/internal/operator-actions?limit={limit}");
        var variables = new ArrayList<Object>(List.of(limit));
        subject.ifPresent(
                about -> {
                    path.append("&subject={subject}");
                    variables.add(about);
                });
        place.ifPresent(
                before -> {
                    path.append("&before={before}&beforeId={id}");
                    variables.add(before.at());
                    variables.add(before.idBefore(service.service()));
                });
        try {
            return new ServicePart(
                    service
                            .get(path.toString(), variables.toArray())
                            .toValue(OperatorActionsController.OperatorActionPage.class)
                            .actions()
                            .stream()
                            .map(action -> entry(service.service(), action))
                            .toList(),
                    null);
        } catch (ServiceUnavailableException failure) {
            return new ServicePart(List.of(), String.valueOf(failure.getMessage()));
        }
    }

    private static AuditTrailEntry entry(String service, OperatorActionEntry action) {
        return new AuditTrailEntry(
                action.id(),
                action.at(),
                service,
                action.operator(),
                action.operatorName(),
                action.action(),
                action.subject(),
                Optional.ofNullable(action.reason()),
                Optional.of(
                        (action.detail() == null ? "" : action.detail() + "; ")
                                + answer(action.status())));
    }

    private static String answer(@Nullable Integer status) {
        if (status == null) {
            return "how it was answered is not known";
        }
        return switch (status / 100) {
            case 2 -> status == 202 ? "accepted" : "done";
            case 4 -> "refused with HTTP " + status;
            default -> "failed with HTTP " + status;
        };
    }

    private static ServicePart await(Future<ServicePart> future) {
        try {
            return future.get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        } catch (ExecutionException failure) {
            throw new IllegalStateException(failure.getCause());
        }
    }

    @Override
    public void destroy() {
        threads.shutdownNow();
    }
}
