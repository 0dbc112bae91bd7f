package dev.orderflow.defaults.transport;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/// Says it in two lines where a stack trace would stand.
final class UnencryptedConnectionFailureAnalyzer
        extends AbstractFailureAnalyzer<UnencryptedConnectionException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, UnencryptedConnectionException cause) {
        return new FailureAnalysis(
                cause.getMessage(),
                "Configure encrypted addresses, or activate the profile '"
                        + TransportAutoConfiguration.LOCAL
                        + "' on a machine where nothing leaves it.",
                cause);
    }
}
