package dev.orderflow.systemtests;

import static java.lang.Math.min;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.contracts.fixture.HostileJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/// Every message of a queue is handled or dead-lettered with a reason. None is lost or redelivered
/// forever, no consumer stops, and no log contains the payload.
@Isolated("it reads what all systems log meanwhile")
class HostileMessagesTest {

    private static final int OF_EACH_QUEUE = HostileJson.times(250);

    /// A tenth of the messages are for another queue, or for none of ours.
    private static final int ONE_IN_SO_MANY_IS_STRAY = 10;

    private static final int LONGEST_POLL_SECONDS = 20;
    private static final int LARGEST_BATCH = 900_000;
    private static final Duration TIMEOUT = Duration.ofMinutes(4);

    private static final String EXAMPLES_ORDER = "019a7f3e-5b1c-7d42-9e6a-0c1f2a3b4c5d";

    private static final Pattern DONE =
            Pattern.compile("message\\[(\\S+) (\\S+) #\\d+] was handled and deleted");
    private static final Pattern FAILED = Pattern.compile("message\\[.*: handler failed");
    private static final Pattern TIMED_OUT = Pattern.compile("\\n\\S*Time(?:dO|o)utException");

    private final RunningSystem system = RunningSystem.hurried();
    private final ShopClient shop = new ShopClient(system);
    private final Queues queues = new Queues(system);

    @Test
    void everyConsumerSurvivesHostileMessagesAndHandlesTheNextOrder() {
        var sku = shop.stocked("20.00", 5);
        var order = shop.order(sku, 1, ShopClient.VISA);
        shop.awaitState(order, "SHIPPED");
        var ledger = shop.gatewayLedger(order);
        var meant = messagesByQueue(order);
        assertThat(meant.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        queues.names().stream()
                                .filter(name -> name.endsWith("-dlq"))
                                .map(name -> name.replace("-dlq", ""))
                                .toList());
        meant.keySet().forEach(queue -> queues.purge(queue + "-dlq"));
        var logged = RunningSystem.log().size();
        long seed = HostileJson.seed(20_261_124);
        System.out.printf("%d hostile messages for each queue, seed %d%n", OF_EACH_QUEUE, seed);

        var sent = send(meant, new HostileJson(seed));
        for (var queue : meant.keySet()) {
            await(queue + " to be empty").atMost(TIMEOUT).until(() -> queues.depth(queue) == 0);
        }

        var dead = new HashMap<String, Set<String>>();
        meant.keySet().forEach(queue -> dead.put(queue, deadLettersOf(queue)));
        // A message is logged after it was deleted.
        await().untilAsserted(
                        () -> {
                            var done = handled(logSince(logged));
                            sent.forEach(
                                    (queue, ids) -> {
                                        var accountedFor = new HashSet<>(dead.get(queue));
                                        accountedFor.addAll(done.getOrDefault(queue, Set.of()));
                                        assertThat(accountedFor).as(queue).containsAll(ids);
                                    });
                        });
        sent.forEach(
                (queue, ids) ->
                        System.out.printf(
                                "%-22s %d sent, %d with the dead letters%n",
                                queue, ids.size(), dead.get(queue).size()));
        var log = logSince(logged);
        assertThat(log).filteredOn(line -> line.contains(HostileJson.PLANTED)).isEmpty();
        assertThat(failuresOfHandlers(log)).isEmpty();

        assertThat(shop.order(order).path("state").stringValue()).isEqualTo("SHIPPED");
        assertThat(shop.gatewayLedger(order)).isEqualTo(ledger);
        assertThat(shop.bookings(order)).isEqualTo(1);
        shop.awaitState(shop.order(sku, 1, ShopClient.VISA), "SHIPPED");
        await().until(() -> shop.stock(sku).path("onHand").intValue() == 3);
    }

    private static List<String> logSince(int line) {
        var log = RunningSystem.log();
        return log.subList(line, log.size());
    }

    /// The ids of the messages of each queue that were handled and deleted.
    private static Map<String, Set<String>> handled(List<String> log) {
        return log.stream()
                .map(DONE::matcher)
                .filter(Matcher::find)
                .collect(
                        groupingBy(
                                message -> message.group(1),
                                mapping(message -> message.group(2), toSet())));
    }

    /// The failures of handlers, each with its exception, which is on the next line. A handler may
    /// exceed its time limit, which it does on a machine that stands still.
    private static List<String> failuresOfHandlers(List<String> log) {
        return IntStream.range(0, log.size())
                .filter(line -> FAILED.matcher(log.get(line)).find())
                .mapToObj(line -> String.join("\n", log.subList(line, min(line + 2, log.size()))))
                .filter(failure -> !TIMED_OUT.matcher(failure).find())
                .toList();
    }

    private Map<String, Set<String>> send(Map<String, List<String>> meant, HostileJson hostile) {
        var strays = meant.values().stream().flatMap(List::stream).toList();
        var sent = new TreeMap<String, Set<String>>();
        meant.forEach(
                (queue, good) -> {
                    var batch = new ArrayList<String>();
                    var ids = sent.computeIfAbsent(queue, _ -> new HashSet<>());
                    while (ids.size() + batch.size() < OF_EACH_QUEUE) {
                        boolean stray = (ids.size() + batch.size()) % ONE_IN_SO_MANY_IS_STRAY == 0;
                        var body = hostile.of(hostile.oneOf(stray ? strays : good));
                        if (!isTakenBySqs(body)) {
                            continue;
                        }
                        batch.add(body);
                        if (batch.size() == 10
                                || batch.stream().mapToInt(String::length).sum() > LARGEST_BATCH
                                || ids.size() + batch.size() == OF_EACH_QUEUE) {
                            ids.addAll(sendBatch(queue, batch));
                            batch.clear();
                        }
                    }
                });
        return sent;
    }

    private List<String> sendBatch(String queue, List<String> bodies) {
        var answer =
                queues.client()
                        .sendMessageBatch(
                                send ->
                                        send.queueUrl(queues.url(queue))
                                                .entries(
                                                        bodies.stream()
                                                                .map(HostileMessagesTest::entry)
                                                                .toList()));
        assertThat(answer.failed()).isEmpty();
        return answer.successful().stream().map(each -> each.messageId()).toList();
    }

    private static SendMessageBatchRequestEntry entry(String body) {
        return SendMessageBatchRequestEntry.builder()
                .id(UUID.randomUUID().toString())
                .messageBody(body)
                .build();
    }

    /// SQS accepts the characters of XML 1.0, and up to 1 MiB.
    private static boolean isTakenBySqs(String body) {
        return !body.isEmpty()
                && body.length() < 300_000
                && body.codePoints()
                        .allMatch(
                                point ->
                                        point == '\t'
                                                || point == '\n'
                                                || point == '\r'
                                                || (point >= 0x20 && point <= 0xD7FF)
                                                || (point >= 0xE000 && point <= 0xFFFD)
                                                || point >= 0x10000);
    }

    /// Receives and deletes all messages.
    ///
    /// @return their message ids
    private Set<String> deadLettersOf(String queue) {
        var ids = new HashSet<String>();
        var url = queues.url(queue + "-dlq");
        while (queues.depth(queue + "-dlq") > 0) {
            for (var message :
                    queues.client()
                            .receiveMessage(
                                    receive ->
                                            receive.queueUrl(url)
                                                    .maxNumberOfMessages(10)
                                                    .waitTimeSeconds(LONGEST_POLL_SECONDS)
                                                    .messageAttributeNames("All"))
                            .messages()) {
                assertThat(message.messageAttributes()).as(queue).containsKey("reason");
                assertThat(message.messageAttributes().get("reason").stringValue())
                        .doesNotContain(HostileJson.PLANTED)
                        .isNotEqualTo("null");
                ids.add(message.messageAttributes().get("source-message-id").stringValue());
                queues.client()
                        .deleteMessage(
                                delete ->
                                        delete.queueUrl(url)
                                                .receiptHandle(message.receiptHandle()));
            }
        }
        return ids;
    }

    /// Valid messages of each queue, for an existing and for a missing order.
    private static Map<String, List<String>> messagesByQueue(String order) {
        var messages = new TreeMap<String, List<String>>();
        RunningSystem.eventsByQueue()
                .forEach((queue, types) -> messages.put(queue, messagesOf(types)));
        messages.put("approval-requests", List.of(example("ApproveOrder")));
        messages.put("shipping-requests", List.of(example("ArrangeShipment")));
        messages.put("workflow-failures", List.of(ENDED));
        messages.replaceAll(
                (_, examples) ->
                        examples.stream()
                                .flatMap(
                                        example ->
                                                Stream.of(
                                                        example,
                                                        example.replace(EXAMPLES_ORDER, order)))
                                .toList());
        return messages;
    }

    /// Each event in full and as a claim check.
    private static List<String> messagesOf(Collection<String> types) {
        return types.stream()
                .flatMap(
                        type ->
                                Stream.of(
                                        MessageEnvelopes.of(type, example(type)),
                                        MessageEnvelopes.of(type, example("ClaimCheck"))))
                .toList();
    }

    private static final String ENDED =
            """
            {"version":"0","id":"0f6e7a3c-0000-4000-8000-000000000001",
             "detail-type":"Step Functions Execution Status Change","source":"aws.states",
             "account":"000000000000","time":"2026-11-02T09:15:31Z","region":"us-east-1",
             "detail":{"name":"%s","status":"FAILED","error":"States.Timeout",
               "stateMachineArn":"arn:aws:states:us-east-1:000000000000:stateMachine:order-workflow"}}
            """
                    .formatted(EXAMPLES_ORDER);

    private static String example(String type) {
        try (var in =
                Objects.requireNonNull(
                        HostileMessagesTest.class.getResourceAsStream(
                                "/contracts/" + type + ".v1.example.json"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
