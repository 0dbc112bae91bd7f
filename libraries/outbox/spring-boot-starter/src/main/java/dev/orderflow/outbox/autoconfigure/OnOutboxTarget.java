package dev.orderflow.outbox.autoconfigure;

import dev.orderflow.outbox.OutboxTarget;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.type.AnnotatedTypeMetadata;

/// Matches when a target is configured or is a bean. An application that shares its class path with
/// one that has an outbox gets none itself.
final class OnOutboxTarget extends AnyNestedCondition {

    OnOutboxTarget() {
        super(ConfigurationPhase.REGISTER_BEAN);
    }

    @Conditional(OnTargetProperty.class)
    static class TargetIsConfigured {}

    @ConditionalOnBean(OutboxTarget.class)
    static class TargetIsBean {}

    static final class OnTargetProperty extends SpringBootCondition {

        @Override
        public ConditionOutcome getMatchOutcome(
                ConditionContext context, AnnotatedTypeMetadata metadata) {
            boolean isConfigured =
                    Binder.get(context.getEnvironment())
                            .bind("outbox.targets", Bindable.mapOf(String.class, Object.class))
                            .isBound();
            return new ConditionOutcome(
                    isConfigured,
                    ConditionMessage.forCondition("outbox.targets")
                            .because(isConfigured ? "is configured" : "is not configured"));
        }
    }
}
