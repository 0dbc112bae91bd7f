package dev.orderflow.operations.live;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// The streams that keep pages current.
///
/// @param maxStreams how many streams an instance keeps open: each is a connection and a virtual
///     thread
/// @param maxStreamsPerOperator how many of them one person may have; another one ends the oldest.
///     A browser window has one while it is visible
/// @param maxDuration after which a stream ends, so that the browser opens it anew with a valid
///     access token, perhaps at another instance
/// @param heartbeat how long a stream is silent at most: less than the idle time-out of any load
///     balancer, usually 60 s. So often is checked whether the session has ended
@ConfigurationProperties("orderflow.operations.live")
public record LiveProperties(
        @DefaultValue("200") int maxStreams,
        @DefaultValue("20") int maxStreamsPerOperator,
        @DefaultValue("10m") Duration maxDuration,
        @DefaultValue("15s") Duration heartbeat) {

    public LiveProperties {
        if (maxStreams < 1 || maxStreamsPerOperator < 1) {
            throw new IllegalArgumentException(
                    "orderflow.operations.live.max-streams and max-streams-per-operator must be at least 1 but were %d and %d"
                            .formatted(maxStreams, maxStreamsPerOperator));
        }
        if (!maxDuration.isPositive() || !heartbeat.isPositive()) {
            throw new IllegalArgumentException(
                    "orderflow.operations.live.max-duration and heartbeat must be positive but were %s and %s"
                            .formatted(maxDuration, heartbeat));
        }
    }
}
