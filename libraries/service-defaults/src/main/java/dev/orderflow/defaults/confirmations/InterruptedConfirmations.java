package dev.orderflow.defaults.confirmations;

import org.springframework.scheduling.annotation.Scheduled;

/// Looks for confirmed actions whose instance stopped while it executed them.
final class InterruptedConfirmations {

    private final Confirmations confirmations;

    InterruptedConfirmations(Confirmations confirmations) {
        this.confirmations = confirmations;
    }

    @Scheduled(
            initialDelayString = "${orderflow.confirmations.recovery-interval:PT15S}",
            fixedDelayString = "${orderflow.confirmations.recovery-interval:PT15S}")
    void execute() {
        confirmations.executeInterrupted();
    }
}
