package dev.orderflow.commandline.operations;

import java.math.BigDecimal;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// An order's payment.
@Command(
        name = "payments",
        description =
                "Show, capture, void or refund an order's payment, or adopt the gateway's state of it.",
        subcommands = {
            PaymentsCommand.ShowPayment.class,
            PaymentsCommand.CapturePayment.class,
            PaymentsCommand.VoidPayment.class,
            PaymentsCommand.RefundPayment.class,
            PaymentsCommand.AdoptGatewayState.class
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Each operation is executed once per idempotency key. Without --key the key is derived from the arguments,",
            "so repeating a command changes nothing."
        })
final class PaymentsCommand extends ParentCommand {

    private static final String PATH = "/internal/payments/";

    abstract static class PaymentCommand extends OperationsApiCommand {

        @Parameters(paramLabel = "ORDER", description = "The order's id.")
        private UUID order = new UUID(0, 0);

        @Override
        final TargetService service() {
            return TargetService.PAYMENTS;
        }

        final String path() {
            return PATH + order;
        }

        final UUID order() {
            return order;
        }
    }

    @Command(
            name = "show",
            description =
                    "Show the authorised, captured and refunded amounts and all operations with their keys.",
            mixinStandardHelpOptions = true)
    static final class ShowPayment extends PaymentCommand {

        @Override
        int execute() {
            return show(get(path()));
        }
    }

    abstract static class PaymentOperationCommand extends PaymentCommand {

        @Option(
                names = "--key",
                paramLabel = "KEY",
                converter = IdempotencyKeyConverter.class,
                description =
                        "The idempotency key: "
                                + IdempotencyKeyConverter.RULE
                                + ". Default: derived from the arguments.")
        private @Nullable String key;

        final int requestOperation(String what, String keyEnd, Map<String, Object> body) {
            var answer =
                    post(
                            path() + "/" + what,
                            body,
                            key == null
                                    ? "operator-%s-%s%s".formatted(what, order(), keyEnd)
                                    : key);
            return ConfirmationsCommand.isWaiting(answer) ? showWaiting(answer) : show(answer);
        }
    }

    abstract static class AmountCommand extends PaymentOperationCommand {

        final Map<String, Object> money(JsonNode authorised, @Nullable BigDecimal amount) {
            if (!authorised.isObject()) {
                throw new CommandFailedException(
                        "the payment of order %s has no amount; see 'payments show'"
                                .formatted(order()));
            }
            return Map.of(
                    "amount",
                    amount == null
                            ? authorised.path("amount").asString("")
                            : amount.toPlainString(),
                    "currency",
                    authorised.path("currency").asString(""));
        }
    }

    @Command(
            name = "capture",
            description = "Capture the authorised amount, or a part of it.",
            mixinStandardHelpOptions = true)
    static final class CapturePayment extends AmountCommand {

        @Option(
                names = "--amount",
                paramLabel = "AMOUNT",
                description = "The amount, such as 49.90. Default: the authorised amount.")
        private @Nullable BigDecimal amount;

        @Override
        int execute() {
            var money = money(get(path()).path("amount"), amount);
            return requestOperation("capture", "-" + money.get("amount"), Map.of("amount", money));
        }
    }

    @Command(
            name = "void",
            description =
                    "Release the authorisation. Captured money is returned by a refund instead.",
            mixinStandardHelpOptions = true)
    static final class VoidPayment extends PaymentOperationCommand {

        @Override
        int execute() {
            return requestOperation("void", "", Map.of());
        }
    }

    @Command(
            name = "refund",
            description =
                    "Refund captured money, in one or several parts. A second refund of the same amount needs"
                            + " its own --key.",
            mixinStandardHelpOptions = true)
    static final class RefundPayment extends AmountCommand {

        @Option(
                names = "--amount",
                paramLabel = "AMOUNT",
                required = true,
                description = "The amount, such as 49.90.")
        private @Nullable BigDecimal amount;

        @Option(
                names = "--reason",
                paramLabel = "REASON",
                defaultValue = "CUSTOMER_REQUEST",
                description = "The reason that the gateway records. Default: ${DEFAULT-VALUE}.")
        private String reason = "";

        @Override
        int execute() {
            var money = money(get(path()).path("amount"), amount);
            return requestOperation(
                    "refund", "-" + money.get("amount"), Map.of("amount", money, "reason", reason));
        }
    }

    @Command(
            name = "adopt",
            description =
                    "Record a refund or cancellation that was made in the gateway's dashboard. Verify it there"
                            + " first.",
            mixinStandardHelpOptions = true)
    static final class AdoptGatewayState extends PaymentCommand {

        @Override
        int execute() {
            return show(post(path() + "/gateway-state-adoption", Map.of()));
        }
    }
}
