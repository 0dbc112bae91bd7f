package dev.orderflow.defaults.encryption;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/// Prints two lines instead of a stack trace.
final class UnencryptedConnectionFailureAnalyzer
        extends AbstractFailureAnalyzer<UnencryptedConnectionException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, UnencryptedConnectionException cause) {
        return new FailureAnalysis(
                cause.getMessage(),
                "Configure encrypted connections. For development on one machine, activate the profile '"
                        + EncryptionAutoConfiguration.LOCAL
                        + "'.",
                cause);
    }
}
