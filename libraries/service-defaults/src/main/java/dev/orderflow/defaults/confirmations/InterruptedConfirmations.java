package dev.orderflow.defaults.confirmations;

import org.springframework.scheduling.annotation.SchedulingConfigurer;
import org.springframework.scheduling.config.FixedDelayTask;
import org.springframework.scheduling.config.ScheduledTaskRegistrar;

/// Looks for confirmed actions whose instance stopped while it executed them.
final class InterruptedConfirmations implements SchedulingConfigurer {

    private final Confirmations confirmations;
    private final ConfirmationProperties properties;

    InterruptedConfirmations(Confirmations confirmations, ConfirmationProperties properties) {
        this.confirmations = confirmations;
        this.properties = properties;
    }

    @Override
    public void configureTasks(ScheduledTaskRegistrar registrar) {
        registrar.addFixedDelayTask(
                new FixedDelayTask(
                        confirmations::executeInterrupted,
                        properties.recoveryInterval(),
                        properties.recoveryInterval()));
    }
}
