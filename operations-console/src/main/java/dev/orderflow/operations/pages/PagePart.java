package dev.orderflow.operations.pages;

import dev.orderflow.operations.services.AwsFailureDescription;
import dev.orderflow.operations.services.ServiceUnavailableException;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;

/// A part of a page, which shows the rest when the source of one part does not respond.
///
/// @param value empty when the source did not respond
/// @param problem why not; empty when it did
public record PagePart<T>(Optional<T> value, Optional<String> problem) {

    /// Reads a part.
    public static <T> PagePart<T> read(Supplier<T> source) {
        try {
            return new PagePart<>(Optional.of(source.get()), Optional.empty());
        } catch (ServiceUnavailableException unavailable) {
            return new PagePart<>(
                    Optional.empty(), Optional.of(String.valueOf(unavailable.getMessage())));
        } catch (SdkException failure) {
            return new PagePart<>(
                    Optional.empty(), Optional.of(AwsFailureDescription.describe("AWS", failure)));
        }
    }
}
