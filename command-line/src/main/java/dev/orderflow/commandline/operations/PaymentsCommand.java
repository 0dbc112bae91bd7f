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
        description = "An order's payment: show, capture, void, refund or reconcile it.",
        subcommands = {
            PaymentsCommand.ShowPayment.class,
            PaymentsCommand.CapturePayment.class,
            PaymentsCommand.VoidPayment.class,
            PaymentsCommand.RefundPayment.class,
            PaymentsCommand.ReconcilePayment.class
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Each is done once under its key, however often it is asked for. Without --key the key is made of what",
            "is asked, so the same command again changes nothing."
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
                    "The payment with what was authorised, captured and refunded, and every operation with its key.",
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
                description =
                        "The idempotency key, 1 to 255 characters. Default: made of what is asked.")
        private @Nullable String key;

        final int requestOperation(String what, String keyEnd, Map<String, Object> body) {
            var answer =
                    post(
                            path() + "/" + what,
                            body,
                            key == null
                                    ? "operator-%s-%s%s".formatted(what, order(), keyEnd)
                                    : key);
            return show(answer);
        }
    }

    abstract static class AmountCommand extends PaymentOperationCommand {

        final Map<String, Object> money(JsonNode authorised, @Nullable BigDecimal amount) {
            if (!authorised.isObject()) {
                throw new CommandFailedException(
                        "the payment of order %s has no amount; look at it with 'payments show'"
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
            description =
                    "Takes the money that is authorised, all of it unless an amount is given.",
            mixinStandardHelpOptions = true)
    static final class CapturePayment extends AmountCommand {

        @Option(
                names = "--amount",
                paramLabel = "AMOUNT",
                description = "How much, say 49.90. Default: all that is authorised.")
        private @Nullable BigDecimal amount;

        @Override
        int execute() {
            var money = money(get(path()).path("amount"), amount);
            return requestOperation("capture", "-" + money.get("amount"), Map.of("amount", money));
        }
    }

    @Command(
            name = "void",
            description = "Lets go of what is authorised. What is captured takes a refund.",
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
                    "Gives back what was captured, or a part of it; several times, up to all of it. A"
                            + " second refund of the same amount needs a --key of its own.",
            mixinStandardHelpOptions = true)
    static final class RefundPayment extends AmountCommand {

        @Option(
                names = "--amount",
                paramLabel = "AMOUNT",
                required = true,
                description = "How much, say 49.90.")
        private @Nullable BigDecimal amount;

        @Option(
                names = "--reason",
                paramLabel = "REASON",
                defaultValue = "CUSTOMER_REQUEST",
                description = "Why, as the gateway knows it. Default: ${DEFAULT-VALUE}.")
        private String reason = "";

        @Override
        int execute() {
            var money = money(get(path()).path("amount"), amount);
            return requestOperation(
                    "refund", "-" + money.get("amount"), Map.of("amount", money, "reason", reason));
        }
    }

    @Command(
            name = "reconcile",
            description =
                    "Takes a refund or a cancellation that was made in the gateway's own dashboard over"
                            + " into our books. Find out first that it is right.",
            mixinStandardHelpOptions = true)
    static final class ReconcilePayment extends PaymentCommand {

        @Override
        int execute() {
            return show(post(path() + "/reconciliation", Map.of()));
        }
    }
}
