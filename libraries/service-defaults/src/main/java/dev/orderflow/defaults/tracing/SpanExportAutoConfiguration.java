package dev.orderflow.defaults.tracing;

import io.micrometer.tracing.exporter.SpanReporter;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.SpanProcessors;
import org.springframework.context.annotation.Bean;

/// Keeps spans that no exporter takes out of the export queue. Spring Boot would queue every span
/// and export it to nothing; log lines and events have their trace without that.
@AutoConfiguration(
        beforeName =
                "org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.OpenTelemetryTracingAutoConfiguration")
class SpanExportAutoConfiguration {

    @Bean
    SpanProcessors spanProcessors(
            ObjectProvider<SpanProcessor> processors,
            ObjectProvider<SpanExporter> exporters,
            ObjectProvider<SpanReporter> reporters) {
        boolean isExported =
                exporters.stream().findAny().isPresent()
                        || reporters.stream().findAny().isPresent();
        return SpanProcessors.of(
                processors
                        .orderedStream()
                        .filter(each -> isExported || !(each instanceof BatchSpanProcessor))
                        .toList());
    }
}
