package dev.orderflow.outbox.autoconfigure;

import dev.orderflow.outbox.OutboxPublisher;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/// Explains why there is no publisher: no target is configured, or there is no data source.
final class MissingOutboxFailureAnalyzer
        extends AbstractFailureAnalyzer<NoSuchBeanDefinitionException> {

    @Override
    protected @Nullable FailureAnalysis analyze(
            Throwable rootFailure, NoSuchBeanDefinitionException cause) {
        return OutboxPublisher.class.equals(cause.getBeanType())
                ? new FailureAnalysis(
                        "There is no OutboxPublisher, because the outbox has no target or the application has no single data source.",
                        "Set outbox.targets.<name>.bus and outbox.targets.<name>.source, or define a bean of type OutboxTarget; and set spring.datasource.url.",
                        cause)
                : null;
    }
}
