package dev.orderflow.operations.deadletters;

import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.operations.audittrail.AuditTrail;
import dev.orderflow.operations.orders.OrderSnapshotClient;
import dev.orderflow.operations.redrive.Redrive;
import dev.orderflow.operations.redrive.RedriveSelection;
import dev.orderflow.operations.redrive.RedriveService;
import dev.orderflow.operations.redrive.RedriveService.StartResult.RedriveStarted;
import dev.orderflow.operations.redrive.RedriveTask;
import dev.orderflow.operations.redrive.RedriveTask.RedriveAction;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.beans.factory.config.AutowireCapableBeanFactory;

/// Redrives and discards for which a test replaces the queues or the canary.
record DeadLetterTaskFixture(
        DeadLetterQueues queues,
        DeadLetterProperties properties,
        OrderSnapshotClient orders,
        RedriveService redrives,
        AuditTrail auditTrail,
        DeadLetterCanary canary,
        EffectQueries effects,
        DeadLetterIndex index,
        DeadLetterResults results,
        MessageEdits edits,
        DiscardedMessages discarded) {

    static DeadLetterTaskFixture from(AutowireCapableBeanFactory beans) {
        return (DeadLetterTaskFixture)
                beans.autowire(
                        DeadLetterTaskFixture.class,
                        AutowireCapableBeanFactory.AUTOWIRE_CONSTRUCTOR,
                        false);
    }

    /// Starts with all messages of a dead-letter queue.
    UUID start(
            DeadLetterQueues queues,
            DeadLetterCanary canary,
            UUID id,
            RedriveAction action,
            String deadLetterQueue,
            boolean isCanary) {
        var service =
                new DeadLetterRedriveService(
                        queues,
                        properties,
                        orders,
                        redrives,
                        auditTrail,
                        canary,
                        index,
                        results,
                        edits,
                        discarded);
        var result =
                service.start(
                        new RedriveTask(
                                id,
                                action,
                                deadLetterQueue,
                                new RedriveSelection.AllItems(),
                                new Operator("grace", "Grace", Set.of(OperatorRole.OPERATOR)),
                                "the cause is fixed",
                                100,
                                isCanary,
                                false,
                                Optional.empty(),
                                Map.of()));
        return ((RedriveStarted) result).redrive().id();
    }

    Redrive find(UUID id) {
        return redrives.find(id).orElseThrow();
    }
}
