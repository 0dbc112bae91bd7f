package dev.orderflow.operations.casefile;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How a case file is read.
///
/// @param partTimeout how long one part may take; all parts are read at the same time
/// @param silence from which time on an interval without any entry is named as a gap
@ConfigurationProperties("orderflow.operations.case-file")
record CaseFileProperties(
        @DefaultValue("4s") Duration partTimeout, @DefaultValue("10s") Duration silence) {

    CaseFileProperties {
        if (partTimeout.compareTo(Duration.ofMillis(100)) < 0
                || partTimeout.compareTo(Duration.ofSeconds(30)) > 0) {
            throw new IllegalArgumentException(
                    "orderflow.operations.case-file.part-timeout must be 100 ms to 30 s but was "
                            + partTimeout);
        }
        if (silence.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException(
                    "orderflow.operations.case-file.silence must be at least 1 s but was "
                            + silence);
        }
    }
}
