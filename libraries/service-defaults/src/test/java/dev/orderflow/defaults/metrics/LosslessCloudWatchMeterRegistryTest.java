package dev.orderflow.defaults.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.orderflow.contracts.fixture.HttpStub;
import io.micrometer.cloudwatch2.CloudWatchConfig;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchAsyncClient;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricDataRequest;

class LosslessCloudWatchMeterRegistryTest {

    private static final Duration STEP = Duration.ofHours(1);

    private final AtomicLong wallMillis = new AtomicLong(STEP.toMillis() * 1_000);
    private final List<PutMetricDataRequest> published = new CopyOnWriteArrayList<>();
    private final HttpStub cloudWatch = new HttpStub(_ -> new HttpStub.StubResponse(200, ""));
    private final CloudWatchAsyncClient client =
            CloudWatchAsyncClient.builder()
                    .endpointOverride(URI.create(cloudWatch.url()))
                    .region(Region.US_EAST_1)
                    .credentialsProvider(AnonymousCredentialsProvider.create())
                    .overrideConfiguration(
                            settings ->
                                    settings.addExecutionInterceptor(
                                            new ExecutionInterceptor() {
                                                @Override
                                                public void beforeExecution(
                                                        Context.BeforeExecution call,
                                                        ExecutionAttributes attributes) {
                                                    published.add(
                                                            (PutMetricDataRequest) call.request());
                                                }
                                            }))
                    .build();
    private final LosslessCloudWatchMeterRegistry registry =
            new LosslessCloudWatchMeterRegistry(
                    new CloudWatchConfig() {
                        @Override
                        public @Nullable String get(String key) {
                            return null;
                        }

                        @Override
                        public String namespace() {
                            return "Shop";
                        }

                        @Override
                        public Duration step() {
                            return STEP;
                        }
                    },
                    new Clock() {
                        @Override
                        public long wallTime() {
                            return wallMillis.get();
                        }

                        @Override
                        public long monotonicTime() {
                            return TimeUnit.MILLISECONDS.toNanos(wallMillis.get());
                        }
                    },
                    client);

    @AfterEach
    void close() {
        registry.close();
        client.close();
        cloudWatch.close();
    }

    @Test
    void aPublicationHasTheCountsOfAllStepsSinceTheOneBefore() {
        var orders = registry.counter("orders");
        assertThat(publish()).containsOnly(entry("orders.count", 0.0));

        orders.increment(2);
        pass(STEP);
        orders.increment(3);
        pass(STEP.multipliedBy(5));

        assertThat(publish()).containsOnly(entry("orders.count", 5.0));
        pass(STEP);
        assertThat(publish()).containsOnly(entry("orders.count", 0.0));
    }

    @Test
    void twoPublicationsInOneStepCountNothingTwice() {
        var orders = registry.counter("orders");
        orders.increment();

        assertThat(publish()).containsOnly(entry("orders.count", 1.0));
        assertThat(publish()).containsOnly(entry("orders.count", 0.0));
        orders.increment(4);
        assertThat(publish()).containsOnly(entry("orders.count", 4.0));
    }

    @Test
    void theLastCountsArePublishedWhenTheRegistryCloses() {
        registry.counter("orders").increment(7);

        published.clear();
        registry.close();

        assertThat(values().values().stream().mapToDouble(v -> v).sum()).isEqualTo(7);
    }

    @Test
    void theCountsOfAPublicationThatFailedArePublishedWithTheNextOneWithTheirTime() {
        var orders = registry.counter("orders");
        orders.increment(2);
        cloudWatch.respondWith(_ -> new HttpStub.StubResponse(503, ""));
        publish();
        var failed = published.getFirst().metricData();

        pass(STEP);
        orders.increment(3);
        cloudWatch.respondWith(_ -> new HttpStub.StubResponse(200, ""));

        assertThat(publish()).containsOnly(entry("orders.count", 5.0));
        assertThat(published).extracting(PutMetricDataRequest::metricData).contains(failed);
        assertThat(publish()).containsOnly(entry("orders.count", 0.0));
    }

    @Test
    void everyMeterThatCountsKeepsItsCountsUntilTheyArePublished() {
        var handled = registry.timer("handled");
        var sizes = registry.summary("sizes");
        var total = new AtomicLong(10);
        FunctionCounter.builder("rows", total, AtomicLong::get).register(registry);
        FunctionTimer.builder(
                        "calls",
                        total,
                        AtomicLong::get,
                        calls -> calls.get() * 20.0,
                        TimeUnit.MILLISECONDS)
                .register(registry);
        publish();

        handled.record(Duration.ofMillis(30));
        handled.record(Duration.ofMillis(10));
        sizes.record(5);
        total.set(13);
        pass(STEP.multipliedBy(2));
        sizes.record(8);
        total.set(14);
        pass(STEP.multipliedBy(2));

        assertThat(publish())
                .containsOnly(
                        entry("handled.count", 2.0),
                        entry("handled.sum", 40.0),
                        entry("handled.avg", 20.0),
                        entry("handled.max", 30.0),
                        entry("sizes.count", 2.0),
                        entry("sizes.sum", 13.0),
                        entry("sizes.avg", 6.5),
                        entry("sizes.max", 8.0),
                        entry("rows.count", 4.0),
                        entry("calls.count", 4.0),
                        entry("calls.sum", 80.0),
                        entry("calls.avg", 20.0));

        handled.record(Duration.ofMillis(4));
        assertThat(publish())
                .contains(entry("handled.count", 1.0), entry("handled.max", 4.0))
                .doesNotContainKeys("sizes.max", "calls.avg");
    }

    private void pass(Duration time) {
        wallMillis.addAndGet(time.toMillis());
        // As the thread of Micrometer does that ends the step of each meter.
        registry.getMeters().forEach(meter -> meter.measure().forEach(m -> m.getValue()));
    }

    private Map<String, Double> publish() {
        published.clear();
        registry.publish();
        return values();
    }

    private Map<String, Double> values() {
        var values = new HashMap<String, Double>();
        for (var request : published) {
            for (var datum : request.metricData()) {
                values.merge(datum.metricName(), datum.value(), Double::sum);
            }
        }
        return values;
    }
}
