package dev.orderflow.defaults.delivery;

import dev.orderflow.defaults.aws.AwsFailures;
import dev.orderflow.defaults.database.DatabaseFailures;
import dev.orderflow.defaults.problem.FailureDescription;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/// Distinguishes outages of the database and of AWS from other failures of a handler.
final class OutageDetector {

    private OutageDetector() {}

    /// The outage that caused a failure, if any.
    static Optional<HandlingResult.DependencyUnavailable> findOutage(Throwable failure) {
        if (DatabaseFailures.isOutage(failure)) {
            return Optional.of(
                    new HandlingResult.DependencyUnavailable(
                            "database",
                            DatabaseFailures.sqlState(failure)
                                    .map(state -> "SQLSTATE " + state)
                                    .orElse("no connection")));
        }
        return AwsFailures.findOutage(failure)
                .map(
                        aws ->
                                new HandlingResult.DependencyUnavailable(
                                        serviceOf(aws), FailureDescription.of(aws)));
    }

    private static String serviceOf(SdkException failure) {
        return failure instanceof AwsServiceException answered
                        && answered.awsErrorDetails() != null
                        && answered.awsErrorDetails().serviceName() != null
                ? answered.awsErrorDetails().serviceName()
                : "AWS";
    }
}
