package dev.orderflow.analytics.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.orderflow.analytics.AnalyticsProperties;
import dev.orderflow.analytics.messaging.FactIngestion;
import dev.orderflow.analytics.projection.Facts;
import dev.orderflow.defaults.claimcheck.ClaimCheckRedeemer;
import dev.orderflow.defaults.delivery.HandlingResult;
import dev.orderflow.defaults.delivery.MessageProcessor;
import dev.orderflow.defaults.delivery.ReceivedMessage;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.function.SingletonSupplier;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;

/// Handles an [SQS event](https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html) and responds
/// with the messages that failed. The event source mapping must have `ReportBatchItemFailures`;
/// without it Lambda would delete a batch with failures.
///
/// Its collaborators are created while Lambda initialises the function, and reused by every
/// invocation.
public final class FactFunction implements RequestStreamHandler {

    /// A fraction of the function's time-out, so that there is time for the other messages of a
    /// batch.
    private static final Duration AWS_CALL_TIMEOUT = Duration.ofSeconds(5);

    private final FactIngestion ingestion;
    private final TransactionTemplate transactions;
    private final MessageProcessor messageProcessor;
    private final Supplier<SqsClient> sqs;
    private final String queueUrl;

    /// Called by Lambda; reads the environment.
    public FactFunction() {
        this(
                FunctionEnvironment.of(System.getenv()),
                SingletonSupplier.of(
                        () ->
                                SqsClient.builder()
                                        .httpClientBuilder(UrlConnectionHttpClient.builder())
                                        .overrideConfiguration(
                                                it -> it.apiCallTimeout(AWS_CALL_TIMEOUT))
                                        .build()),
                SingletonSupplier.of(
                        () ->
                                S3Client.builder()
                                        .httpClientBuilder(UrlConnectionHttpClient.builder())
                                        .overrideConfiguration(
                                                it -> it.apiCallTimeout(AWS_CALL_TIMEOUT))
                                        .build()));
    }

    private FactFunction(
            FunctionEnvironment environment, Supplier<SqsClient> sqs, Supplier<S3Client> s3) {
        this(
                FunctionDatabase.of(environment),
                environment.analytics(),
                environment.queueUrl(),
                environment.claimChecksBucket(),
                sqs,
                s3);
    }

    /// @param sqs created when the first message is dead-lettered or delayed
    /// @param s3 created when the first claim check arrives
    FactFunction(
            DataSource database,
            AnalyticsProperties analytics,
            String queueUrl,
            String claimChecksBucket,
            Supplier<SqsClient> sqs,
            Supplier<S3Client> s3) {
        MeterRegistry unpublished = new SimpleMeterRegistry();
        this.ingestion =
                new FactIngestion(new Facts(JdbcClient.create(database), unpublished), analytics);
        this.transactions = new TransactionTemplate(new JdbcTransactionManager(database));
        this.messageProcessor =
                MessageProcessor.create(
                        sqs,
                        unpublished,
                        "analytics-lambda",
                        new ClaimCheckRedeemer(claimChecksBucket, s3));
        this.sqs = sqs;
        this.queueUrl = queueUrl;
    }

    @Override
    public void handleRequest(InputStream event, OutputStream answer, Context context)
            throws IOException {
        var batch = SqsBatch.read(event, queueUrl, sqs);
        if (!batch.messages().isEmpty()) {
            messageProcessor.processBatch(batch.messages(), this::handle);
        }
        answer.write(batch.toBatchResponse());
    }

    /// The facts of a batch are committed together, before any of them leaves the queue.
    private List<HandlingResult> handle(List<ReceivedMessage> messages) {
        return Objects.requireNonNull(transactions.execute(_ -> ingestion.handle(messages)));
    }
}
